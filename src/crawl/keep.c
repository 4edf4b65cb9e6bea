/* SPDX-License-Identifier: Apache-2.0 */
#include "crawl/keep.h"

#include "archive/digest.h"
#include "base/json.h"
#include "crawl/judge.h"
#include "net/evidence.h"
#include "net/robots_tag.h"

void dh_keep_skip_lines(dh_worked *worked) {
    for (uint64_t i = 0; i < worked->lines && !worked->rest.bad; i++)
        dh_record_bytes(&worked->rest);
}

/* ---- the line of JSON ---- */

static void put_member(dh_buf *out, const char *name, dh_slice value) {
    dh_buf_printf(out, ", \"%s\": ", name);
    if (value.len > 0)
        dh_json_put_string(out, value);
    else
        dh_buf_puts(out, "null");
}

static void put_words(dh_buf *out, const char *name, uint64_t bits, unsigned count,
                      const char *(*word)(unsigned bit)) {
    bool any = false;
    dh_buf_printf(out, ", \"%s\": [", name);
    for (unsigned i = 0; i < count; i++) {
        if ((bits >> i & 1) == 0) continue;
        if (any) dh_buf_puts(out, ", ");
        dh_json_put_string(out, dh_slice_cstr(word(i)));
        any = true;
    }
    dh_buf_putc(out, ']');
}

/* The article's object with ours as its first member. */
static void put_line(dh_buf *out, const dh_flight *flight, const dh_warc_place *place, bool suspect,
                     dh_slice article) {
    const dh_response *r = flight->response;
    char utc[DH_UTC_SIZE];
    dh_clock_print_utc(r->begun_ms, utc);
    dh_buf_puts(out, "{\"crawl\": {\"url\": ");
    dh_json_put_string(out, flight->task.url);
    dh_buf_printf(out, ", \"fetched\": \"%s\", \"status\": %ld", utc, r->status);
    put_member(out, "digest", dh_slice_cstr(place->payload_digest));
    put_member(out, "warc", dh_slice_cstr(place->file));
    if (place->file[0] != '\0')
        dh_buf_printf(out, ", \"offset\": %llu", (unsigned long long)place->offset);
    put_words(out, "robots_tags", flight->tags, DH_RTAG_COUNT + 1, dh_robots_tag_word);
    put_words(out, "ai_refused", flight->ai_refused, DH_AI_COUNT, dh_robots_ai_token);
    dh_buf_printf(out, ", \"suspect\": %s}, ", suspect ? "true" : "false");
    article = dh_slice_trim(article);
    dh_buf_put_slice(out, dh_slice_sub(article, 1, article.len)); /* behind its brace */
    dh_buf_putc(out, '\n');
}

/* ---- evidence ---- */

static void add_facts(dh_evidence *evidence, const dh_flight *flight) {
    for (unsigned i = 0; i <= DH_RTAG_COUNT; i++)
        if ((flight->tags >> i & 1) != 0)
            dh_evidence_add(evidence, "robots-tag", dh_slice_cstr(dh_robots_tag_word(i)));
    for (unsigned i = 0; i < DH_AI_COUNT; i++)
        if ((flight->ai_refused >> i & 1) != 0)
            dh_evidence_add(evidence, "robots-refuses", dh_slice_cstr(dh_robots_ai_token(i)));
}

/* refers: the state's number of the address whose record this one repeats; 0: it is a whole one. */
static void put_warc(dh_crawl *crawl, dh_flight *flight, int kind, int64_t refers,
                     dh_warc_place *place, dh_done *done) {
    dh_evidence evidence = {0};
    dh_error error = {0};
    dh_slice file;
    int64_t at_ms = 0;
    char date[DH_UTC_SIZE];
    if (dh_evidence_take(&evidence, flight->response)) {
        add_facts(&evidence, flight);
        dh_warc_exchange *e = &evidence.exchange;
        if (evidence.metadata.failed) dh_crawl_fail(crawl, DH_ERR_MEMORY, NULL);
        if (refers != 0 && dh_state_where(crawl->state, refers, &e->refers_to_url, &at_ms, &file,
                                          &crawl->scratch)) {
            dh_clock_print_utc(at_ms, date);
            e->refers_to_date = dh_slice_cstr(date);
            if (kind == DH_WARC_NOT_MODIFIED) e->refers_to_digest = flight->task.digest;
            e->kind = kind == DH_WARC_NOT_MODIFIED ? DH_WARC_NOT_MODIFIED : DH_WARC_SAME_PAYLOAD;
        }
        dh_status status = dh_store_warc(crawl->store, e, place, &done->file, &error);
        done->offset = (int64_t)place->offset;
        if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    }
    dh_evidence_release(&evidence);
}

void dh_keep_not_modified(dh_crawl *crawl, dh_flight *flight, dh_done *done) {
    dh_warc_place place;
    dh_done unused = {.id = 0};
    if (flight->task.kind != DH_IS_PAGE || flight->task.digest.len == 0) return;
    (void)done; /* the state keeps the place of the whole record */
    put_warc(crawl, flight, DH_WARC_NOT_MODIFIED, flight->task.id, &place, &unused);
}

/* ---- the page ---- */

/* The article's canonical address on the same site need not be fetched: it is this page. */
static void believe_canonical(dh_crawl *crawl, dh_flight *flight, const dh_worked *worked) {
    dh_canon url;
    if (worked->canonical[0] == '\0' ||
        !dh_canon_parse(&url, NULL, dh_slice_cstr(worked->canonical), &crawl->scratch))
        return;
    dh_slice key = dh_url_key(&url, &crawl->scratch);
    dh_slice domain = dh_url_domain(url.host, &crawl->scratch);
    if (dh_slice_eq(key, flight->task.key) || url.path.len <= 1 ||
        !dh_url_same_site(&url, &flight->url, &crawl->scratch))
        return;
    uint32_t host = dh_yard_host(crawl, dh_canon_authority(&url), domain);
    if (host == UINT32_MAX) return;
    dh_found found = {.key = key,
                      .url = url.href,
                      .host = crawl->hosts.ptr[host].id,
                      .kind = DH_IS_PAGE,
                      .prio = DH_PRIO_BACKLOG,
                      .due_ms = -1,
                      .found_by = flight->task.id};
    dh_state_add(crawl->state, &found, dh_crawl_now(crawl), NULL, NULL, NULL);
}

/* The rule lines of the record go to the watch, when the page is one that counts. */
static void take_lines(dh_crawl *crawl, const dh_flight *flight, dh_worked *worked,
                       dh_crawl_end end) {
    bool counts = end == DH_END_STORED || end == DH_END_EMPTY;
    size_t room = worked->lines < 1000 ? (size_t)worked->lines : 1000;
    dh_slice *lines = dh_arena_zalloc(&crawl->scratch, room + 1, sizeof *lines);
    if (lines == NULL) counts = false;
    for (uint64_t i = 0; i < worked->lines && !worked->rest.bad; i++) {
        dh_slice line = dh_record_bytes(&worked->rest);
        if (counts && i < room) lines[i] = line;
    }
    if (counts) dh_watch_page(crawl, flight->host, lines, (uint32_t)room, worked->kept_chars);
}

static dh_crawl_end end_of(const dh_crawl *crawl, const dh_flight *flight,
                           const dh_worked *worked) {
    if ((flight->tags & DH_RTAG_NOINDEX) != 0 && !crawl->options.keep_noindex)
        return DH_END_NOINDEX;
    if (worked->status == DEHUSK_ERR_TYPE) return DH_END_UNWANTED;
    if (worked->status != DEHUSK_OK && worked->status != DEHUSK_ERR_EMPTY) return DH_END_FAILED;
    if (dh_judge_soft_404(dh_slice_cstr(worked->title), worked->kept_chars)) return DH_END_SOFT_404;
    if (worked->status == DEHUSK_ERR_EMPTY || worked->kept_chars == 0) return DH_END_EMPTY;
    return DH_END_STORED;
}

void dh_keep_page(dh_crawl *crawl, dh_flight *flight, dh_worked *worked, dh_done *done) {
    const dh_response *r = flight->response;
    dh_slice host = crawl->hosts.ptr[flight->host].name;
    char digest[DH_DIGEST_SIZE];
    dh_slice payload = dh_response_payload(r);
    if (!dh_digest_sha1(&payload, 1, digest)) dh_crawl_fail(crawl, DH_ERR_MEMORY, NULL);
    done->end = end_of(crawl, flight, worked);
    take_lines(crawl, flight, worked, done->end);
    if (done->end != DH_END_STORED && done->end != DH_END_EMPTY) {
        dh_crawl_say(crawl, DH_SAY_PAGE, host, "%s: %s%s%s", dh_crawl_end_word((int)done->end),
                     flight->task.url.ptr, worked->message[0] != '\0' ? ": " : "", worked->message);
        return;
    }
    done->etag = dh_response_field(r, DH_SLICE("etag"));
    done->modified = dh_response_field(r, DH_SLICE("last-modified"));
    done->digest = dh_arena_dup(&flight->arena, dh_slice_cstr(digest));
    int64_t copy_of = 0;
    if (dh_slice_eq(flight->task.digest, done->digest))
        copy_of = flight->task.id;
    else
        copy_of = dh_state_same_bytes(crawl->state, crawl->hosts.ptr[flight->host].id, done->digest,
                                      flight->task.id);
    if (copy_of != 0) done->end = copy_of == flight->task.id ? DH_END_SAME : DH_END_COPY;
    dh_warc_place place = {.file = ""};
    dh_done where = {.id = 0}; /* of the same again the state keeps the first place */
    put_warc(crawl, flight, DH_WARC_SAME_PAYLOAD, copy_of, &place,
             done->end == DH_END_SAME ? &where : done);
    bool first = flight->task.fetched_ms == 0 || flight->task.end == DH_END_WAITING;
    if (crawl->options.recheck_ms > 0 && first && done->end == DH_END_STORED)
        done->due_ms = dh_crawl_now(crawl) + crawl->options.recheck_ms;
    believe_canonical(crawl, flight, worked);
    if (done->end != DH_END_STORED || crawl->status != DH_OK) return;
    dh_slice article = worked->rest.rest; /* nothing is found on a page */
    dh_buf line = {0};
    dh_error error = {0};
    put_line(&line, flight, &place, crawl->hosts.ptr[flight->host].suspect, article);
    dh_status status = line.failed
                           ? DH_ERR_MEMORY
                           : dh_store_line(crawl->store, r->begun_ms, dh_buf_slice(&line), &error);
    dh_buf_release(&line);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    else crawl->counts.stored++;
}
