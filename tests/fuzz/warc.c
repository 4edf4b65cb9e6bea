/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a WARC file, seekable and not, and as the block of a record: whatever comes in, the reader goes on
 * and ends, and what it says of places is true. */
#define _GNU_SOURCE /* memfd_create */
#include <sys/mman.h>
#include <unistd.h>

#include "archive/http.h"
#include "archive/payload.h"
#include "base/io.h"
#include "fuzz/must.h"

enum { MAX_BLOCK = 1 << 16, MAX_PAGE = 1 << 18 };

static void read_all(const char *name, dh_slice front, size_t size, bool strict) {
    dh_warc_reader *reader;
    dh_warc_reader_options options = {.max_block = MAX_BLOCK, .source = {.front = front}};
    dh_warc_item item;
    dh_error error = {0};
    size_t steps = 0;
    uint64_t last = 0;
    if (dh_warc_reader_new(name, &options, &reader, &error) != DH_OK) {
        MUST(error.message[0] != '\0');
        return;
    }
    for (;; steps++) {
        dh_status status = dh_warc_next(reader, &item, &error);
        if (status == DH_ERR_EMPTY) break;
        MUST(status == DH_OK || status == DH_ERR_SYNTAX);
        MUST(steps <= size); /* each takes a byte at least */
        if (status != DH_OK) continue;
        MUST(item.offset <= size && item.stored <= size && item.offset + item.stored <= size);
        MUST(item.block.len <= MAX_BLOCK && item.cut == (item.length > item.block.len));
        MUST(!strict || item.offset >= last);
        last = item.offset;
        dh_buf page = {0};
        dh_slice type;
        dh_payload_look(&item, &type);
        bool torn;
        status = dh_payload_take(item.block, MAX_PAGE, &page, &torn, NULL);
        MUST(status != DH_OK || page.len <= MAX_PAGE);
        dh_buf_release(&page);
    }
    dh_warc_reader_free(reader);
}

/* By a descriptor's name: a file that can be gone back in. */
static void read_file(dh_slice bytes) {
    char name[64];
    int fd = memfd_create("warc", MFD_CLOEXEC);
    MUST(fd >= 0 && dh_io_put(fd, bytes, NULL) == DH_OK);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    read_all(name, (dh_slice){NULL, 0}, bytes.len, true);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    dh_slice all = dh_slice_make((const char *)bytes, size);
    dh_buf wrapped = {0};
    read_file(all);
    read_all("/dev/null", all, size, true);
    /* With a length that is right, and a record behind it that must be found. */
    dh_buf_printf(&wrapped, "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: %zu\r\n\r\n", size);
    dh_buf_put_slice(&wrapped, all);
    dh_buf_puts(&wrapped,
                "\r\n\r\nWARC/1.1\r\nWARC-Type: last\r\nContent-Length: 0\r\n\r\n\r\n\r\n");
    read_file(dh_buf_slice(&wrapped));
    dh_buf_release(&wrapped);
    return 0;
}
