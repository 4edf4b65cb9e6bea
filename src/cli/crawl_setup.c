/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/crawl_setup.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/isolate.h"
#include "net/address.h"

/* ---- who asks ---- */

static bool has_contact(const char *text) {
    return text != NULL && (strstr(text, "://") != NULL || strchr(text, '@') != NULL);
}

/* "Example-Bot/1.0 (+https://...)" is "Example-Bot" in robots.txt. */
static dh_slice token_of(const char *user_agent) {
    size_t n = 0;
    while (dh_is_alpha(user_agent[n]) || user_agent[n] == '-' || user_agent[n] == '_') n++;
    return dh_slice_make(user_agent, n);
}

static dh_status set_agent(const dh_cli *cli, dh_crawl_options *options, dh_error *error) {
    const dh_cli_options *o = cli->options;
    dh_buf agent;
    dh_buf_init(&agent, cli->arena, 0);
    if (o->user_agent != NULL)
        dh_buf_puts(&agent, o->user_agent);
    else
        dh_buf_printf(&agent, "dehusk/%s", dehusk_version());
    if (o->contact != NULL && !has_contact(o->contact))
        return dh_error_set(error, DH_ERR_USAGE, "crawl", 0,
                            "--contact needs an address of a page or mail, not %.100s", o->contact);
    if (o->contact != NULL) dh_buf_printf(&agent, " (+%s)", o->contact);
    options->user_agent = dh_buf_cstr(&agent);
    if (!has_contact(options->user_agent))
        return dh_error_set(
            error, DH_ERR_USAGE, "crawl", 0,
            "who crawls must say so: --contact URL, a page or mail address where site "
            "owners can ask");
    for (const char *p = options->user_agent; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            return dh_error_set(error, DH_ERR_USAGE, "crawl", 0, "a user agent is one line");
    dh_slice token = token_of(options->user_agent);
    if (token.len == 0)
        return dh_error_set(error, DH_ERR_USAGE, "crawl", 0,
                            "a user agent begins with a name of letters, \"-\" and \"_\"");
    options->agent = dh_arena_dup(cli->arena, token).ptr;
    return DH_OK;
}

/* ---- --resolve ---- */

typedef struct mapping {
    const char *name; /* "*.example": below it */
    dh_address address;
} mapping;

typedef struct mappings {
    DH_VEC(mapping) list;
} mappings;

static bool is_for(const mapping *m, dh_slice host) {
    dh_slice name = dh_slice_cstr(m->name);
    if (name.len > 1 && name.ptr[0] == '*')
        return dh_slice_ends_nocase(host, dh_slice_sub(name, 1, name.len));
    return dh_slice_eq_nocase(name, host);
}

/* Hosts that the table does not name are asked for as ever; that waits, which is why the table is for
 * tests and for a few hosts. */
static size_t resolve(void *data, const char *host, uint16_t port, dh_address *out, size_t max) {
    const mappings *table = data;
    (void)port;
    for (uint32_t i = 0; i < table->list.len && max > 0; i++) {
        if (!is_for(&table->list.ptr[i], dh_slice_cstr(host))) continue;
        out[0] = table->list.ptr[i].address;
        out[0].port = 0;
        return 1;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
    size_t n = 0;
    if (getaddrinfo(host, NULL, &hints, &all) != 0) return 0;
    for (const struct addrinfo *a = all; a != NULL && n < max; a = a->ai_next)
        if (dh_address_from_socket(a->ai_addr, &out[n])) out[n++].port = 0;
    freeaddrinfo(all);
    return n;
}

static void dial(void *data, dh_address *address) {
    const mappings *table = data;
    for (uint32_t i = 0; i < table->list.len; i++) {
        const dh_address *to = &table->list.ptr[i].address;
        if (to->port != 0 && to->family == address->family &&
            memcmp(to->bytes, address->bytes, sizeof to->bytes) == 0)
            address->port = to->port;
    }
}

/* "host=192.0.2.1:8080", "*.example=[2001:db8::1]". */
static bool read_mapping(dh_slice text, mapping *out, dh_arena *arena) {
    dh_slice value = text, name = dh_slice_cut(&value, '=');
    if (name.len == 0 || value.ptr == NULL) return false;
    uint64_t port = 0;
    const char *colon = NULL;
    for (size_t i = value.len; i-- > 0 && value.ptr[i] != ']';)
        if (value.ptr[i] == ':') colon = value.ptr + i;
    bool bare_v6 = dh_slice_has(value, DH_SLICE("::")) && value.ptr[0] != '[';
    if (colon != NULL && !bare_v6) {
        size_t at = (size_t)(colon - value.ptr);
        dh_slice digits = dh_slice_sub(value, at + 1, value.len);
        if (!dh_slice_to_u64(digits, &port) || port == 0 || port > 65535) return false;
        value.len = at;
    }
    if (!dh_address_read(value, &out->address)) return false;
    out->address.port = (uint16_t)port;
    out->name = dh_arena_dup(arena, name).ptr;
    return true;
}

static dh_status set_resolver(const dh_cli *cli, dh_crawl_options *options, dh_resolver *resolver,
                              dh_error *error) {
    const dh_texts *texts = &cli->options->resolve;
    if (texts->len == 0) return DH_OK;
    mappings *table = dh_arena_zalloc(cli->arena, 1, sizeof *table);
    for (uint32_t i = 0; i < texts->len; i++)
        if (!read_mapping(dh_slice_cstr(texts->ptr[i]), DH_PUSH(cli->arena, table->list),
                          cli->arena))
            return dh_error_set(error, DH_ERR_USAGE, "crawl", 0,
                                "--resolve needs NAME=ADDRESS or NAME=ADDRESS:PORT, not %.100s",
                                texts->ptr[i]);
    *resolver = (dh_resolver){.resolve = resolve, .dial = dial, .data = table};
    options->resolver = resolver;
    return DH_OK;
}

/* ---- the rest ---- */

dh_status dh_crawl_delay_of(const char *text, uint32_t *delay_ms, dh_error *error) {
    *delay_ms = dh_pace_rules_default().delay_ms;
    if (text == NULL) return DH_OK;
    char *end = NULL;
    double seconds = strtod(text, &end);
    if (!dh_is_digit(text[0]) || *end != '\0' || !(seconds >= 0 && seconds <= 86400))
        return dh_error_set(error, DH_ERR_USAGE, "crawl", 0,
                            "--delay needs seconds (9, 0.5), not %.100s", text);
    *delay_ms = (uint32_t)(seconds * 1000 + 0.5);
    return DH_OK;
}

static const char *const *limits_of(const dh_cli *cli) {
    static const char *const names[DH_LIMIT_COUNT] = {
#define DH_LIMIT(name, option, value, unit, help) [DH_LIMIT_##name] = option,
#include "base/limits.def"
#undef DH_LIMIT
    };
    const char **list = dh_arena_zalloc(cli->arena, 2 * DH_LIMIT_COUNT + 1, sizeof *list);
    size_t n = 0;
    for (int i = 0; i < DH_LIMIT_COUNT; i++) {
        if (!cli->options->limit_set[i]) continue;
        dh_buf value;
        dh_buf_init(&value, cli->arena, 0);
        dh_buf_printf(&value, "%llu", (unsigned long long)cli->options->limits[i]);
        list[n++] = names[i];
        list[n++] = dh_buf_cstr(&value);
    }
    return list;
}

static unsigned at_most(uint64_t value, unsigned most) {
    return value < most ? (unsigned)value : most;
}

dh_status dh_crawl_setup(const dh_cli *cli, dh_crawl_options *options, dh_resolver *resolver,
                         dh_error *error) {
    const dh_cli_options *o = cli->options;
    *options = (dh_crawl_options){.folder = o->operands.ptr[0],
                                  .pace = dh_pace_rules_default(),
                                  .allow_private = o->allow_private,
                                  .keep_noindex = o->keep_noindex,
                                  .no_warc = o->no_warc,
                                  .no_clean = o->no_clean,
                                  .pool = dh_isolate_options(o, true),
                                  .quarantine = o->quarantine,
                                  .connections = at_most(o->connections, 65536),
                                  .timeout_ms = at_most(o->timeout, 86400) * 1000,
                                  .recheck_ms = (int64_t)at_most(o->recheck, 100000) * 3600000,
                                  .max_fetches = o->max_fetches,
                                  .proxy = o->proxy != NULL && strcmp(o->proxy, "none") != 0 ? o->proxy : NULL,
                                  .ca_file = o->ca_file,
                                  .clean = o->clean,
                                  .limits = limits_of(cli)};
    if (o->no_warc && o->no_clean)
        return dh_error_set(error, DH_ERR_USAGE, "crawl", 0,
                            "--no-warc and --no-clean together leave nothing to store");
    dh_status status = set_agent(cli, options, error);
    if (status == DH_OK) status = dh_crawl_delay_of(o->delay, &options->pace.delay_ms, error);
    if (status == DH_OK) status = set_resolver(cli, options, resolver, error);
    return status;
}
