/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.prom: figures of the run in the text format of Prometheus (version 0.0.4), for its node exporter's
 * textfile collector or whoever reads files. */
#include "base/io.h"
#include "crawl/crawl_private.h"

typedef struct metric {
    const char *name, *type, *help;
    uint64_t value;
} metric;

static void put_all(dh_buf *out, const metric *metrics, size_t count) {
    for (size_t i = 0; i < count; i++)
        dh_buf_printf(
            out, "# HELP dehusk_crawl_%s %s\n# TYPE dehusk_crawl_%s %s\ndehusk_crawl_%s %llu\n",
            metrics[i].name, metrics[i].help, metrics[i].name, metrics[i].type, metrics[i].name,
            (unsigned long long)metrics[i].value);
}

void dh_metrics_write(dh_crawl *crawl) {
    const dh_crawl_counts *c = &crawl->counts;
    uint64_t suspect = 0, broken = 0;
    for (uint32_t i = 0; i < crawl->hosts.len; i++) {
        suspect += crawl->hosts.ptr[i].suspect;
        broken += dh_pace_is_broken(&crawl->hosts.ptr[i].pace);
    }
    const metric metrics[] = {
        {"requests_total", "counter", "Requests, robots.txt included.", c->fetches},
        {"articles_total", "counter", "Articles stored.", c->stored},
        {"failures_total", "counter", "Requests without a usable answer.", c->failed},
        {"found_total", "counter", "Addresses that were new.", c->found},
        {"refused_total", "counter", "Addresses that robots.txt refused.", c->refused},
        {"alerts_total", "counter", "Alerts of drift.", c->alerts},
        {"received_bytes_total", "counter", "Bytes of bodies received.", c->bytes},
        {"in_flight", "gauge", "Requests under way.", crawl->flying},
        {"cleaning", "gauge", "Pages at the workers.", crawl->at_work},
        {"hosts", "gauge", "Hosts of the state.", crawl->hosts.len},
        {"hosts_suspect", "gauge", "Hosts whose articles are in doubt.", suspect},
        {"hosts_broken", "gauge", "Hosts left alone for their troubles.", broken},
        {"last_write_seconds", "gauge", "When this was written, since 1970.",
         (uint64_t)(dh_crawl_now(crawl) / 1000)},
    };
    dh_buf text = {0}, name = {0};
    dh_error error = {0};
    put_all(&text, metrics, sizeof metrics / sizeof metrics[0]);
    dh_buf_printf(&name, "%s/metrics.prom", crawl->options.folder);
    dh_status status = dh_io_write(dh_buf_cstr(&name), dh_buf_slice(&text), true, false, &error);
    /* Figures are no reason to end a crawl. */
    if (status != DH_OK) dh_crawl_say(crawl, DH_SAY_NOTICE, DH_SLICE(""), "%s", error.message);
    dh_buf_release(&text);
    dh_buf_release(&name);
}
