/* SPDX-License-Identifier: Apache-2.0 */
/* data_dir: where the data that is installed with dehusk stands. */
#ifndef DH_DEHUSK_DATA_DIR_H
#define DH_DEHUSK_DATA_DIR_H

#include "base/buf.h"

/* Puts the folder of installed data `part` ("rules") into *out (emptied first): share/dehusk/PART
 * beside the folder that holds the running program, when there is such a folder (an installed tree
 * wherever it was moved to; a build folder, where it is a link to the source tree); else the folder
 * chosen when dehusk was configured. That one need not exist. false when *out is full. */
bool dh_data_dir(const char *part, dh_buf *out);

#endif
