/* SPDX-License-Identifier: Apache-2.0 */
#include "net/robots.h"

#include "base/buf.h"

enum { DAY_MS = 86400000, MATCH_STEPS = 20000000 };

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static dh_slice trim(dh_slice s) {
    while (s.len > 0 && is_blank(s.ptr[0])) s.ptr++, s.len--;
    while (s.len > 0 && is_blank(s.ptr[s.len - 1])) s.len--;
    return s;
}

static int hex(char c) {
    if (dh_is_digit(c)) return c - '0';
    c = dh_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_unreserved(char c) {
    return dh_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* General delimiters, which a query may hold plainly or encoded (the RFC's third example). */
static bool is_delimiter(char c) {
    return c == ':' || c == '/' || c == '?' || c == '[' || c == ']' || c == '@';
}

static void put_octet(dh_buf *out, unsigned char c) {
    static const char digits[] = "0123456789ABCDEF";
    dh_buf_putc(out, '%');
    dh_buf_putc(out, digits[c >> 4]);
    dh_buf_putc(out, digits[c & 15]);
}

/* Makes percent-encoding uniform: octets beyond ASCII, controls and blanks encoded, unreserved ones
 * plain, hexadecimal digits in capitals. A path's own "*" and "$" are encoded, a pattern's are wild. */
static dh_slice uniform(dh_slice s, bool pattern, bool loose, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, s.len + 1);
    bool query = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '%' && i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 && hex(s.ptr[i + 2]) >= 0) {
            char octet = (char)(hex(s.ptr[i + 1]) * 16 + hex(s.ptr[i + 2]));
            i += 2;
            if (is_unreserved(octet) || (loose && query && is_delimiter(octet)))
                dh_buf_putc(&out, octet);
            else
                put_octet(&out, (unsigned char)octet);
            continue;
        }
        if (c == '?') query = true;
        bool wild = pattern && (c == '*' || (c == '$' && i + 1 == s.len));
        if (wild && c == '*' && out.len > 0 && out.ptr[out.len - 1] == '*') continue;
        bool plain = wild || (c > ' ' && c < 0x7F && c != '*' && c != '$');
        if (plain)
            dh_buf_putc(&out, c);
        else
            put_octet(&out, (unsigned char)c);
    }
    return dh_buf_slice(&out);
}

/* Whether path begins with what pattern describes, or is it when the pattern ends in "$". A star gives
 * way one octet at a time; only the last one met needs to. */
static bool matches(dh_slice pattern, dh_slice path, uint64_t *steps) {
    bool to_end = pattern.len > 0 && pattern.ptr[pattern.len - 1] == '$';
    if (to_end) pattern.len--;
    size_t p = 0, at = 0, star = DH_NPOS, resume = 0;
    for (;;) {
        if (++*steps > MATCH_STEPS) return false;
        if (p == pattern.len && (!to_end || at == path.len)) return true;
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            resume = at;
        } else if (p < pattern.len && at < path.len && pattern.ptr[p] == path.ptr[at]) {
            p++, at++;
        } else if (star != DH_NPOS && resume < path.len) {
            p = star + 1;
            at = ++resume;
        } else {
            return false;
        }
    }
}

/* ---- reading ---- */

typedef struct reader {
    dh_robots *robots;
    dh_arena *arena;
    uint32_t first_agent; /* of the group being read */
    bool in_agents;       /* no rule has come since the last user-agent line */
    bool in_group;
} reader;

/* The product token at the front of a user-agent line's value; "*" alone is everybody. */
static dh_slice token_of(dh_slice value) {
    if (value.len > 0 && value.ptr[0] == '*')
        return value.len == 1 || is_blank(value.ptr[1]) ? dh_slice_sub(value, 0, 1)
                                                        : (dh_slice){NULL, 0};
    size_t n = 0;
    while (n < value.len &&
           (dh_is_alpha(value.ptr[n]) || value.ptr[n] == '-' || value.ptr[n] == '_'))
        n++;
    bool ends = n == value.len || is_blank(value.ptr[n]) || value.ptr[n] == '/';
    return ends ? dh_slice_sub(value, 0, n) : (dh_slice){NULL, 0};
}

static void read_agent(reader *r, dh_slice value) {
    dh_robots *robots = r->robots;
    if (!r->in_agents) {
        robots->groups++;
        r->first_agent = robots->agents.len;
    }
    r->in_agents = r->in_group = true;
    dh_slice token = token_of(value);
    if (token.len == 0) return;
    dh_robots_agent *agent = DH_PUSH(r->arena, robots->agents);
    *agent = (dh_robots_agent){.token = dh_arena_dup(r->arena, token), .group = robots->groups - 1};
}

static void read_rule(reader *r, dh_slice value, bool allow) {
    if (!r->in_group) return;
    r->in_agents = false;
    if (value.len == 0 || (value.ptr[0] != '/' && value.ptr[0] != '*')) return;
    dh_robots_rule *rule = DH_PUSH(r->arena, r->robots->rules);
    rule->strict = uniform(value, true, false, r->arena);
    rule->loose = uniform(value, true, true, r->arena);
    rule->group = r->robots->groups - 1;
    rule->allow = allow;
}

/* "10", "0.5" or "1,5" seconds as milliseconds; 0 when it is no number. */
static uint32_t delay_of(dh_slice value) {
    uint64_t ms = 0, unit = 1000;
    size_t i = 0;
    while (i < value.len && dh_is_digit(value.ptr[i])) {
        ms = ms * 10 + (uint64_t)(value.ptr[i++] - '0') * 1000;
        if (ms > DAY_MS) ms = DAY_MS;
    }
    if (i < value.len && (value.ptr[i] == '.' || value.ptr[i] == ','))
        for (i++; i < value.len && dh_is_digit(value.ptr[i]); i++) {
            unit /= 10;
            ms += (uint64_t)(value.ptr[i] - '0') * unit;
        }
    if (i < value.len && !is_blank(value.ptr[i]) && dh_lower(value.ptr[i]) != 's') return 0;
    return (uint32_t)(ms < DAY_MS ? ms : DAY_MS);
}

/* No record of the RFC's: it neither begins nor ends a group. */
static void read_delay(reader *r, dh_slice value) {
    uint32_t ms = delay_of(value);
    if (!r->in_group) return;
    for (uint32_t i = r->first_agent; i < r->robots->agents.len; i++)
        if (ms > r->robots->agents.ptr[i].delay_ms) r->robots->agents.ptr[i].delay_ms = ms;
}

static void read_line(reader *r, dh_slice line) {
    const char *hash = line.len > 0 ? memchr(line.ptr, '#', line.len) : NULL;
    if (hash != NULL) line.len = (size_t)(hash - line.ptr);
    const char *colon = line.len > 0 ? memchr(line.ptr, ':', line.len) : NULL;
    if (colon == NULL) return;
    size_t at = (size_t)(colon - line.ptr);
    dh_slice name = trim(dh_slice_sub(line, 0, at));
    dh_slice value = trim(dh_slice_sub(line, at + 1, line.len));
    if (dh_slice_eq_nocase(name, DH_SLICE("user-agent"))) {
        read_agent(r, value);
    } else if (dh_slice_eq_nocase(name, DH_SLICE("disallow"))) {
        read_rule(r, value, false);
    } else if (dh_slice_eq_nocase(name, DH_SLICE("allow"))) {
        read_rule(r, value, true);
    } else if (dh_slice_eq_nocase(name, DH_SLICE("crawl-delay"))) {
        read_delay(r, value);
    } else if (dh_slice_eq_nocase(name, DH_SLICE("sitemap")) && value.len > 0 &&
               r->robots->sitemaps.len < DH_ROBOTS_MAX_SITEMAPS) {
        dh_slice *sitemap = DH_PUSH(r->arena, r->robots->sitemaps);
        *sitemap = dh_arena_dup(r->arena, value);
    }
}

void dh_robots_parse(dh_robots *robots, dh_arena *arena, dh_slice text) {
    *robots = (dh_robots){.groups = 0};
    reader r = {.robots = robots, .arena = arena};
    if (dh_slice_starts(text, DH_SLICE("\xEF\xBB\xBF"))) text = dh_slice_sub(text, 3, text.len);
    if (text.len > DH_ROBOTS_MAX_BYTES) {
        robots->cut = true;
        text.len = DH_ROBOTS_MAX_BYTES;
        /* Half a line would be another rule. */
        while (text.len > 0 && text.ptr[text.len - 1] != '\n' && text.ptr[text.len - 1] != '\r')
            text.len--;
    }
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r') end++;
        read_line(&r, dh_slice_sub(text, at, end));
        at = end + 1;
    }
}

/* ---- asking ---- */

bool dh_robots_names(const dh_robots *robots, dh_slice agent) {
    for (uint32_t i = 0; i < robots->agents.len; i++)
        if (dh_slice_eq_nocase(robots->agents.ptr[i].token, agent)) return true;
    return false;
}

/* The token whose groups hold for agent: its own, or "*". */
static dh_slice effective(const dh_robots *robots, dh_slice agent) {
    return dh_robots_names(robots, agent) ? agent : DH_SLICE("*");
}

uint32_t dh_robots_delay_ms(const dh_robots *robots, dh_slice agent) {
    dh_slice token = effective(robots, agent);
    uint32_t ms = 0;
    for (uint32_t i = 0; i < robots->agents.len; i++) {
        const dh_robots_agent *a = &robots->agents.ptr[i];
        if (dh_slice_eq_nocase(a->token, token) && a->delay_ms > ms) ms = a->delay_ms;
    }
    return ms;
}

static bool *groups_of(const dh_robots *robots, dh_slice token, dh_arena *arena) {
    bool *mine = dh_arena_zalloc(arena, robots->groups + 1, sizeof *mine);
    if (mine == NULL) return NULL;
    for (uint32_t i = 0; i < robots->agents.len; i++)
        if (dh_slice_eq_nocase(robots->agents.ptr[i].token, token))
            mine[robots->agents.ptr[i].group] = true;
    return mine;
}

bool dh_robots_allows(const dh_robots *robots, dh_slice agent, dh_slice path, dh_arena *arena) {
    if (path.len == 0) path = DH_SLICE("/");
    dh_slice strict = uniform(path, false, false, arena);
    if (dh_slice_eq(strict, DH_SLICE("/robots.txt"))) return true;
    dh_slice loose = uniform(path, false, true, arena);
    const bool *mine = groups_of(robots, effective(robots, agent), arena);
    if (mine == NULL) return false;
    size_t longest = 0;
    bool allowed = true;
    uint64_t steps = 0;
    for (uint32_t i = 0; i < robots->rules.len; i++) {
        const dh_robots_rule *rule = &robots->rules.ptr[i];
        size_t len = rule->strict.len;
        if (!mine[rule->group] || len < longest || (len == longest && !rule->allow && longest > 0))
            continue;
        if (!matches(rule->strict, strict, &steps) && !matches(rule->loose, loose, &steps))
            continue;
        longest = len;
        allowed = rule->allow;
    }
    return allowed && steps <= MATCH_STEPS;
}

static const char *const ai_tokens[DH_AI_COUNT] = {
#define DH_AI_AGENT(id, token) token,
#include "net/ai_agents.def"
#undef DH_AI_AGENT
};

const char *dh_robots_ai_token(unsigned bit) {
    return bit < DH_AI_COUNT ? ai_tokens[bit] : "";
}

uint64_t dh_robots_ai_refused(const dh_robots *robots, dh_slice path, dh_arena *arena) {
    uint64_t refused = 0;
    for (unsigned i = 0; i < DH_AI_COUNT; i++) {
        dh_slice token = dh_slice_cstr(ai_tokens[i]);
        if (dh_robots_names(robots, token) && !dh_robots_allows(robots, token, path, arena))
            refused |= UINT64_C(1) << i;
    }
    return refused;
}

/* ---- policy ---- */

dh_robots_policy dh_robots_judge(const dh_robots_answer *answer) {
    enum { HOUR = 3600, DAY = 24 * HOUR };
    int status = answer->failed ? 0 : answer->status;
    if (status >= 200 && status < 300) return (dh_robots_policy){DH_ROBOTS_READ, DAY};
    if (status == 304 && answer->has_copy) return (dh_robots_policy){DH_ROBOTS_SAME, DAY};
    /* More hops than are followed: as if there were none. */
    if (status >= 300 && status < 400 && status != 304 && answer->hops >= DH_ROBOTS_MAX_REDIRECTS)
        return (dh_robots_policy){DH_ROBOTS_ALLOW, DAY};
    if (status >= 400 && status < 500 && status != 429)
        return (dh_robots_policy){DH_ROBOTS_ALLOW, DAY};
    uint32_t wait = HOUR;
    for (uint32_t i = 0; i < answer->failures && wait < DAY; i++) wait *= 2;
    return (dh_robots_policy){DH_ROBOTS_DISALLOW, wait < DAY ? wait : DAY};
}
