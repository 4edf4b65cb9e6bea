/* SPDX-License-Identifier: Apache-2.0 */
/* script: the script that a text is written in. */
#ifndef DH_TEXT_SCRIPT_H
#define DH_TEXT_SCRIPT_H

#include "base/slice.h"

/* ISO 15924 of the script that most of its letters have: "Latn", "Arab"; "Jpan" for kana with or without Han; "Zzzz" when
 * there are no letters. Of two with as many the first by name. Static. */
const char *dh_text_script(dh_slice text);

#endif
