/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/chart.h"

#include "emit/report.h"

enum { BAR = 10000, HEIGHT = 190, LEFT = 52, TOP = 10, BOTTOM = 24, TICKS = 4 };

void dh_chart_number(dh_buf *out, uint64_t value) {
    char digits[32];
    int len = 0;
    do {
        if (len % 4 == 3) digits[len++] = ',';
        digits[len++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (len > 0) dh_buf_putc(out, digits[--len]);
}

/* value * times / total without overflow, near enough. */
static uint64_t scaled(uint64_t value, uint64_t total, uint64_t times) {
    while (value > UINT64_MAX / times) {
        value /= 2;
        total /= 2;
    }
    return total > 0 ? value * times / total : 0;
}

void dh_chart_share(dh_buf *out, uint64_t value, uint64_t total) {
    uint64_t tenths = scaled(value, total, 1000);
    if (tenths == 0 && value > 0) {
        dh_buf_puts(out, "&lt; 0.1 %");
        return;
    }
    dh_buf_printf(out, "%llu", (unsigned long long)(tenths / 10));
    if (tenths % 10 != 0) dh_buf_printf(out, ".%llu", (unsigned long long)(tenths % 10));
    dh_buf_puts(out, " %");
}

void dh_chart_bar(dh_buf *out, const dh_chart_part *parts, size_t len, uint64_t total,
                  const char *unit) {
    uint64_t at = 0, sum = 0;
    dh_buf_printf(out,
                  "<svg class=\"bar\" viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
                  "role=\"img\">",
                  BAR);
    for (size_t i = 0; i < len; i++) {
        if (parts[i].value == 0) continue;
        sum += parts[i].value;
        uint64_t end = scaled(sum, total, BAR);
        if (end == at) end++; /* one that is there is seen */
        dh_buf_printf(out, "<rect class=\"%s\" x=\"%llu\" width=\"%llu\" height=\"10\"><title>",
                      parts[i].fill, (unsigned long long)at, (unsigned long long)(end - at));
        dh_report_text(out, parts[i].name);
        dh_buf_puts(out, ": ");
        dh_chart_number(out, parts[i].value);
        dh_buf_printf(out, " %s, ", unit);
        dh_chart_share(out, parts[i].value, total);
        dh_buf_puts(out, "</title></rect>");
        at = end;
    }
    dh_buf_puts(out, "</svg>");
}

/* ---- columns ---- */

static uint64_t sum_of(const dh_chart_column *column) {
    uint64_t sum = 0;
    for (int fate = 0; fate < DH_FATE_COUNT; fate++) sum += column->count[fate];
    return sum;
}

/* What lies between two lines of the scale: 1, 2 or 5 times a power of ten, so that no column is higher than TICKS of
 * them. */
static uint64_t step_of(const dh_chart_column *columns, size_t len) {
    uint64_t most = 1, step = 1;
    for (size_t i = 0; i < len; i++)
        if (sum_of(&columns[i]) > most) most = sum_of(&columns[i]);
    for (int i = 0; step <= UINT64_MAX / 10 && step * TICKS < most; i++)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

static void put_scale(dh_buf *out, int width, uint64_t step) {
    int high = HEIGHT - TOP - BOTTOM;
    for (int tick = 0; tick <= TICKS; tick++) {
        int y = HEIGHT - BOTTOM - high * tick / TICKS;
        dh_buf_printf(out,
                      "<path class=\"%s\" d=\"M%d %dH%d\"/><text class=\"y\" x=\"%d\" y=\"%d\">",
                      tick == 0 ? "axis" : "line", LEFT, y, width, LEFT - 6, y + 4);
        dh_chart_number(out, step * (uint64_t)tick);
        dh_buf_puts(out, "</text>");
    }
    dh_buf_putc(out, '\n');
}

/* A column from x on, in tenths. */
static void put_column(dh_buf *out, const dh_chart_column *column, uint64_t x, uint64_t width,
                       uint64_t most) {
    static const char *const fills[DH_FATE_COUNT] = {"f-kept", "f-rejected", "f-failed"};
    uint64_t high = (HEIGHT - TOP - BOTTOM) * 10, at = 0, sum = 0;
    dh_buf_printf(out, "<g><title>%s:", column->name);
    for (int fate = 0; fate < DH_FATE_COUNT; fate++) {
        dh_buf_puts(out, fate > 0 ? ", " : " ");
        dh_chart_number(out, column->count[fate]);
        dh_buf_printf(out, " %s", dh_fate_name((dh_fate)fate));
    }
    dh_buf_puts(out, "</title>");
    for (int fate = 0; fate < DH_FATE_COUNT; fate++) {
        if (column->count[fate] == 0) continue;
        sum += column->count[fate];
        uint64_t end = scaled(sum, most, high), y = (HEIGHT - BOTTOM) * 10 - end;
        dh_buf_printf(out,
                      "<rect class=\"%s\" x=\"%llu.%llu\" y=\"%llu.%llu\" width=\"%llu.%llu\" "
                      "height=\"%llu.%llu\"/>",
                      fills[fate], (unsigned long long)(x / 10), (unsigned long long)(x % 10),
                      (unsigned long long)(y / 10), (unsigned long long)(y % 10),
                      (unsigned long long)(width / 10), (unsigned long long)(width % 10),
                      (unsigned long long)((end - at) / 10), (unsigned long long)((end - at) % 10));
        at = end;
    }
    dh_buf_puts(out, "</g>\n");
}

void dh_chart_columns(dh_buf *out, const dh_chart_column *columns, size_t len, int width,
                      const char *about) {
    uint64_t step = step_of(columns, len), most = step * TICKS;
    uint64_t room = (uint64_t)(width - LEFT) * 10;
    dh_buf_printf(out,
                  "<svg class=\"columns\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                  width, HEIGHT, about);
    put_scale(out, width, step);
    for (size_t i = 0; i < len; i++) {
        uint64_t x = room * i / len, end = room * (i + 1) / len;
        uint64_t gap = (end - x) / 6 < 30 ? (end - x) / 6 : 30;
        if (sum_of(&columns[i]) > 0)
            put_column(out, &columns[i], LEFT * 10 + x + gap / 2, end - x - gap, most);
        if (columns[i].label[0] == '\0') continue;
        dh_buf_printf(out, "<text x=\"%llu\" y=\"%d\">%s</text>\n",
                      LEFT + (unsigned long long)x / 10, HEIGHT - 8, columns[i].label);
    }
    dh_buf_puts(out, "</svg>\n");
}
