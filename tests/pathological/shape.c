/* SPDX-License-Identifier: Apache-2.0 */
#include "pathological/shape.h"

const shape shapes[] = {
#define SHAPE(name, open, unit, turn, close) {name, open, unit, turn, close},
#include "pathological/shapes.def"
#undef SHAPE
};
const size_t shapes_len = sizeof shapes / sizeof *shapes;

const shape *shape_find(const char *name) {
    for (size_t i = 0; i < shapes_len; i++)
        if (strcmp(shapes[i].name, name) == 0) return &shapes[i];
    return NULL;
}

bool shape_is_text(const shape *s) {
    return strncmp(s->name, "text-", 5) == 0;
}

static void put_unit(dh_buf *page, const char *unit, unsigned number) {
    for (const char *p = unit; *p != '\0'; p++) {
        if (p[0] == '%' && p[1] == 'u') {
            dh_buf_printf(page, "%u", number);
            p++;
        } else {
            dh_buf_putc(page, *p == '\001' ? '\0' : *p);
        }
    }
}

void shape_put(const shape *s, size_t size, dh_buf *page) {
    size_t begin = page->len, half = s->turn[0] != '\0' ? size / 2 : size;
    unsigned number = 0;
    dh_buf_puts(page, s->open);
    while (page->len - begin < half && !page->failed) put_unit(page, s->unit, number++);
    while (page->len - begin < size && !page->failed) put_unit(page, s->turn, number++);
    dh_buf_puts(page, s->close);
}
