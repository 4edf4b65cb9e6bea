/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/sort_keys.h"

#include <stdio.h>

#include "archive/digest.h"
#include "base/map.h"

void dh_key_id(dh_slice id, unsigned char to[DH_KEY_ID]) {
    memset(to, 0, DH_KEY_ID);
    if (id.len <= DH_KEY_ID) {
        if (id.len > 0) memcpy(to, id.ptr, id.len);
        return;
    }
    char hash[17];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)dh_hash(id));
    memcpy(to, id.ptr, DH_KEY_ID - 16);
    memcpy(to + DH_KEY_ID - 16, hash, 16);
}

static int digit(char c) {
    return dh_is_digit(c) ? c - '0' : c - 'a' + 10;
}

bool dh_key_text(dh_slice text, dh_buf *room, unsigned char to[DH_KEY_TEXT]) {
    char name[DH_DIGEST_SIZE];
    dh_slice word;
    dh_buf_reset(room);
    while ((word = dh_slice_token(&text)).len > 0) {
        dh_buf_put_slice(room, word);
        dh_buf_putc(room, ' ');
    }
    dh_slice bare = dh_buf_slice(room);
    if (room->failed || !dh_digest_sha256(&bare, 1, name)) return false;
    for (int i = 0; i < DH_KEY_TEXT; i++) {
        const char *digits = name + sizeof "sha256:" - 1 + 2 * i;
        to[i] = (unsigned char)(digit(digits[0]) << 4 | digit(digits[1]));
    }
    return true;
}
