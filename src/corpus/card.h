/* SPDX-License-Identifier: Apache-2.0 */
/* card: a corpus described for those who get it, in the form that Hugging Face reads (README.md with a head of YAML). */
#ifndef DH_CORPUS_CARD_H
#define DH_CORPUS_CARD_H

#include "corpus/store.h"

/* In store->arena. */
dh_slice dh_store_card(const dh_store *store);

#endif
