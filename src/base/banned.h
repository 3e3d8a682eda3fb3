/* SPDX-License-Identifier: GPL-3.0-or-later */
/* banned: functions that no source of ours may name; the build includes this
 * file before every source. Use base/num.h, base/time.h, base/str.h, base/rng.h. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* Headers that name them come first, with the features that config.h asks for:
 * from here on the names themselves are errors. */
#include "config.h"

#include <alloca.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef alloca
#undef gets
#undef scanf
#undef sprintf
#undef sscanf
#undef stpcpy
#undef strcat
#undef strcpy
#undef strdupa
#undef strncat
#undef strncpy
#undef strtok_r
#undef vsprintf

#pragma GCC poison alloca atof atoi atol atoll asctime ctime drand48 gets gmtime
#pragma GCC poison localtime lrand48 popen rand random scanf sprintf srand sscanf
#pragma GCC poison stpcpy strcat strcpy strdupa strncat strncpy strptime strtod
#pragma GCC poison strtof strtoimax strtok strtok_r strtol strtold strtoll strtoul
#pragma GCC poison strtoull strtoumax system vsprintf

#endif
