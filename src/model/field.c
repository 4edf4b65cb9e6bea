/* SPDX-License-Identifier: Apache-2.0 */
#include "model/field.h"

static const struct {
    dh_slice name;
    bool many;
} kinds[DH_FIELD_COUNT] = {
#define DH_FIELD(id, is_many, help) [DH_FIELD_##id] = {DH_SLICE_INIT(#id), is_many},
#include "model/field.def"
#undef DH_FIELD
};

static const char *const sources[DH_SOURCE_COUNT] = {
    [DH_SOURCE_OPTION] = "option",       [DH_SOURCE_RULE] = "rule",
    [DH_SOURCE_JSONLD] = "json-ld",      [DH_SOURCE_MICRODATA] = "microdata",
    [DH_SOURCE_OPENGRAPH] = "opengraph", [DH_SOURCE_META] = "meta",
    [DH_SOURCE_PAGE] = "page",           [DH_SOURCE_URL] = "url",
};

void dh_fields_init(dh_fields *fields, dh_arena *arena) {
    *fields = (dh_fields){.arena = arena};
}

static void remove_at(dh_fields *fields, uint32_t at) {
    fields->len--;
    memmove(&fields->ptr[at], &fields->ptr[at + 1], (fields->len - at) * sizeof *fields->ptr);
}

bool dh_fields_add(dh_fields *fields, dh_field field) {
    if (field.value.len == 0) return false;
    bool many = kinds[field.kind].many;
    for (uint32_t i = 0; i < fields->len;) {
        dh_field *old = &fields->ptr[i];
        if (old->kind != field.kind) {
            i++;
        } else if (field.source < old->source) {
            remove_at(fields, i);
        } else if (!many || field.source > old->source || dh_slice_eq(old->value, field.value)) {
            return false;
        } else {
            i++;
        }
    }
    uint32_t at = fields->len;
    *DH_PUSH(fields->arena, *fields) = field;
    for (; at > 0 && fields->ptr[at - 1].kind > field.kind; at--)
        fields->ptr[at] = fields->ptr[at - 1];
    fields->ptr[at] = field;
    return true;
}

const dh_field *dh_fields_get(const dh_fields *fields, dh_field_kind kind) {
    for (uint32_t i = 0; i < fields->len; i++)
        if (fields->ptr[i].kind == kind) return &fields->ptr[i];
    return NULL;
}

dh_slice dh_fields_value(const dh_fields *fields, dh_field_kind kind) {
    const dh_field *field = dh_fields_get(fields, kind);
    return field != NULL ? field->value : (dh_slice){NULL, 0};
}

dh_slice dh_field_name(dh_field_kind kind) {
    return kinds[kind].name;
}

bool dh_field_many(dh_field_kind kind) {
    return kinds[kind].many;
}

dh_field_kind dh_field_of(dh_slice name) {
    for (int i = 0; i < DH_FIELD_COUNT; i++)
        if (dh_slice_eq(kinds[i].name, name)) return (dh_field_kind)i;
    return DH_FIELD_COUNT;
}

const char *dh_field_source_name(dh_field_source source) {
    return sources[source];
}
