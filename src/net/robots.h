/* SPDX-License-Identifier: Apache-2.0 */
/* robots: robots.txt as RFC 9309 has it, and what it means that there is none.
 *
 * Groups that name the same product token are one group; "*" counts only where no group names the
 * crawler. Of the rules that match a path the longest decides, and "allow" where two are equally long.
 * Beyond the RFC: Crawl-delay and Sitemap lines are read, and what the file says to known crawlers of AI
 * companies (ai_agents.def) can be asked, for the record. */
#ifndef DH_NET_ROBOTS_H
#define DH_NET_ROBOTS_H

#include "base/arena.h"

enum {
    DH_ROBOTS_MAX_BYTES = 500 * 1024, /* what is behind them is not read (RFC 9309, 2.5) */
    DH_ROBOTS_MAX_SITEMAPS = 1000,
    DH_ROBOTS_MAX_REDIRECTS = 5
};

typedef struct dh_robots_rule {
    dh_slice strict; /* pattern, percent-encoding made uniform; "*" and a last "$" are wild */
    dh_slice loose;  /* the same with "%2F" and its like in the query as written plainly */
    uint32_t group;
    bool allow;
} dh_robots_rule;

typedef struct dh_robots_agent {
    dh_slice token; /* "*" or the product token as written */
    uint32_t group;
    uint32_t delay_ms; /* Crawl-delay of the group; 0: none */
} dh_robots_agent;

typedef struct dh_robots {
    DH_VEC(dh_robots_rule) rules;
    DH_VEC(dh_robots_agent) agents;
    DH_VEC(dh_slice) sitemaps; /* as written */
    uint32_t groups;
    bool cut; /* the file was longer than is read */
} dh_robots;

/* Reads text; any bytes are a robots.txt. What it keeps is in arena. */
void dh_robots_parse(dh_robots *robots, dh_arena *arena, dh_slice text);
/* Whether `agent` (a product token, any case) may fetch path: path and query of an absolute address, with
 * "/" when it is empty. "/robots.txt" always may. A file whose patterns cost too much to match says
 * no. Uses arena for a moment's copies. */
bool dh_robots_allows(const dh_robots *robots, dh_slice agent, dh_slice path, dh_arena *arena);
/* Crawl-delay for agent in milliseconds, 0 when none is given; at most a day. */
uint32_t dh_robots_delay_ms(const dh_robots *robots, dh_slice agent);
/* Whether a group names agent itself, not by "*". */
bool dh_robots_names(const dh_robots *robots, dh_slice agent);

/* Known crawlers that gather text for AI, one bit each. */
enum {
#define DH_AI_AGENT(id, token) DH_AI_##id##_BIT,
#include "net/ai_agents.def"
#undef DH_AI_AGENT
    DH_AI_COUNT
};
/* The product token of a bit number. Static. */
const char *dh_robots_ai_token(unsigned bit);
/* Those of them that the file names and keeps away from path. */
uint64_t dh_robots_ai_refused(const dh_robots *robots, dh_slice path, dh_arena *arena);

/* What the outcome of asking for robots.txt means. */
typedef enum dh_robots_verdict {
    DH_ROBOTS_READ,     /* what came is to be parsed */
    DH_ROBOTS_ALLOW,    /* there is none: all is allowed */
    DH_ROBOTS_DISALLOW, /* nobody knows: nothing is allowed until it is known */
    DH_ROBOTS_SAME      /* 304: the copy at hand holds */
} dh_robots_verdict;

typedef struct dh_robots_answer {
    bool failed;       /* no response: DNS, connection, TLS, time, a broken body */
    int status;        /* of the last response; a redirect's when there were too many */
    uint32_t hops;     /* redirects followed */
    bool has_copy;     /* a copy from before is at hand (for 304) */
    uint32_t failures; /* times in a row that the verdict was DISALLOW, before this one */
} dh_robots_answer;

typedef struct dh_robots_policy {
    dh_robots_verdict verdict;
    uint32_t keep_s; /* good for so long, at most 24 h */
} dh_robots_policy;

/* RFC 9309, 2.3.1 and 2.4; 429 is no "unavailable" but a server that asks for peace. */
dh_robots_policy dh_robots_judge(const dh_robots_answer *answer);

#endif
