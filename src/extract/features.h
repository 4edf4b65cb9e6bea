/* SPDX-License-Identifier: Apache-2.0 */
/* features: what the classifier sees of each block (features.def). Made in linear passes over the tree
 * and the blocks; a row is filled when it is asked for. Private to extract/ but for the dump. */
#ifndef DH_EXTRACT_FEATURES_H
#define DH_EXTRACT_FEATURES_H

#include "extract/unit.h"

typedef enum dh_feature {
#define DH_FEATURE(name, tree, help) DH_FEATURE_##name,
#include "extract/features.def"
#undef DH_FEATURE
    DH_FEATURE_COUNT
} dh_feature;

/* features.def: the columns' names, and what they are in words. */
extern const char *const dh_feature_names[DH_FEATURE_COUNT];
extern const char *const dh_feature_helps[DH_FEATURE_COUNT];

typedef struct dh_features dh_features;

/* units: as the heuristic extractor left them. The features stand in the arena's scratch memory, which
 * dh_features_free drops. */
dh_features *dh_features_new(const dh_extract_page *page, const dh_unit *units);
void dh_features_free(dh_features *features);
/* Fills row[DH_FEATURE_COUNT]; those that need a tree are 0 for plain text. */
void dh_features_row(dh_features *features, uint32_t block, int16_t *row);

#endif
