/* SPDX-License-Identifier: Apache-2.0 */
/* names: which file below the output folder an input is written to. No two inputs get one name, and
 * what each gets does not depend on the order in which they were named:
 *   1. the input's own relative name with the format's ending (a.html -> a.txt);
 *   2. when several want that, a lone .html gets it; the others keep their ending (a.htm -> a.htm.txt);
 *   3. when that is taken too, their whole path is mirrored (x/a.htm -> x/a.txt);
 *   4. else a hash of the path is put in (a.htm.1f2e3d4c.txt).
 * Addresses become HOST_PATH, with a hash where a byte had to be replaced. */
#ifndef DH_CLI_NAMES_H
#define DH_CLI_NAMES_H

#include "cli/inputs.h"

/* extension: ".txt". One name per input in arena; NULL for an input that was named before. */
const char **dh_names_make(const dh_inputs *inputs, const char *extension, dh_arena *arena);

#endif
