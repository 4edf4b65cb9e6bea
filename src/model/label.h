/* SPDX-License-Identifier: Apache-2.0 */
/* label: the classes of boilerplate labels (label.def). */
#ifndef DH_MODEL_LABEL_H
#define DH_MODEL_LABEL_H

#include "base/slice.h"

typedef enum dh_label {
    DH_LABEL_NONE,
#define DH_LABEL(name, text, alone, list) DH_LABEL_##name,
#include "model/label.def"
#undef DH_LABEL
    DH_LABEL_COUNT
} dh_label;

/* The class's name as in the lexicon ("most_read"), "" for NONE. Static. */
dh_slice dh_label_name(dh_label label);
/* The class in words ("most read"). Static. */
dh_slice dh_label_text(dh_label label);
bool dh_label_alone(dh_label label);
bool dh_label_list(dh_label label);
/* DH_LABEL_NONE when no class has this name. */
dh_label dh_label_of(dh_slice name);

#endif
