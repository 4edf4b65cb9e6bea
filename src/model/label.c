/* SPDX-License-Identifier: Apache-2.0 */
#include "model/label.h"

static const struct {
    dh_slice name, text;
    bool alone, list;
} labels[DH_LABEL_COUNT] = {
    [DH_LABEL_NONE] = {DH_SLICE_INIT(""), DH_SLICE_INIT(""), false, false},
#define DH_LABEL(id, words, is_alone, is_list) \
    [DH_LABEL_##id] = {DH_SLICE_INIT(#id), DH_SLICE_INIT(words), is_alone, is_list},
#include "model/label.def"
#undef DH_LABEL
};

dh_slice dh_label_name(dh_label label) {
    return labels[label].name;
}
dh_slice dh_label_text(dh_label label) {
    return labels[label].text;
}
bool dh_label_alone(dh_label label) {
    return labels[label].alone;
}
bool dh_label_list(dh_label label) {
    return labels[label].list;
}

dh_label dh_label_of(dh_slice name) {
    for (int i = 1; i < DH_LABEL_COUNT; i++)
        if (dh_slice_eq(labels[i].name, name)) return (dh_label)i;
    return DH_LABEL_NONE;
}
