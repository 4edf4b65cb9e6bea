/* SPDX-License-Identifier: Apache-2.0 */
/* model_file: a model from a file, in place of the one that is built in. */
#ifndef DH_EXTRACT_MODEL_FILE_H
#define DH_EXTRACT_MODEL_FILE_H

#include "base/status.h"
#include "extract/model.h"

/* Reads bytes, the content of `file`. The tables are in arena (guarded). DH_ERR_USAGE with file and
 * cause for what is no model, or one for other features than this program has. */
dh_status dh_models_read(dh_models *models, dh_slice bytes, const char *file, dh_arena *arena,
                         dh_error *error);

#endif
