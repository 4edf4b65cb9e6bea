/* SPDX-License-Identifier: Apache-2.0 */
/* fasttext: which language a text is in, by a model of the user's, as fastText writes it (supervised; .bin, .ftz; softmax,
 * hierarchical softmax, one-vs-all). The file is mapped, not read: all processes of a machine share it, and it is open at
 * once, however large. Why our own reader: it is a sum and a table; the library would hold its copy in each process's heap,
 * trusts every number in the file, and is no longer maintained by who made it. The answer is computed in the same order of
 * additions everywhere (C11 without contraction); what is printed of it is rounded. Little-endian machines only. */
#ifndef DH_LANG_FASTTEXT_H
#define DH_LANG_FASTTEXT_H

#include "base/arena.h"

typedef struct dh_fasttext dh_fasttext; /* immutable once open; shared by threads */

/* DH_ERR_IO; DH_ERR_SYNTAX for what is no such model; DH_ERR_MEMORY. */
dh_status dh_fasttext_new(const char *path, dh_fasttext **out, dh_error *error);
void dh_fasttext_free(dh_fasttext *model);
/* The most probable label, without "__label__", and its probability. False when the text has nothing that the model knows. arena is
 * guarded. */
bool dh_fasttext_find(const dh_fasttext *model, dh_slice text, dh_arena *arena, dh_slice *label,
                      double *probability);

#endif
