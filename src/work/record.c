/* SPDX-License-Identifier: Apache-2.0 */
#include "work/record.h"

void dh_record_put_u64(dh_buf *out, uint64_t value) {
    dh_buf_put(out, &value, sizeof value);
}

void dh_record_put_bytes(dh_buf *out, dh_slice bytes) {
    dh_record_put_u64(out, bytes.len);
    dh_buf_put_slice(out, bytes);
    dh_buf_putc(out, '\0');
}

uint64_t dh_record_u64(dh_record *record) {
    uint64_t value;
    if (record->rest.len < sizeof value) {
        *record = (dh_record){.bad = true};
        return 0;
    }
    memcpy(&value, record->rest.ptr, sizeof value);
    record->rest = dh_slice_sub(record->rest, sizeof value, record->rest.len);
    return value;
}

dh_slice dh_record_bytes(dh_record *record) {
    uint64_t len = dh_record_u64(record);
    if (record->bad || len >= record->rest.len || record->rest.ptr[len] != '\0') {
        *record = (dh_record){.bad = true};
        return DH_SLICE("");
    }
    dh_slice bytes = dh_slice_sub(record->rest, 0, (size_t)len);
    record->rest = dh_slice_sub(record->rest, (size_t)len + 1, record->rest.len);
    return bytes;
}
