# SPDX-License-Identifier: GPL-3.0-or-later

# AISLE_NEED(PREFIX, PKG-CONFIG MODULE, LIBRARY, FUNCTION, HEADER, DEBIAN PACKAGE)
# Sets PREFIX_CFLAGS and PREFIX_LIBS: by pkg-config, else by looking for
# FUNCTION in LIBRARY and for HEADER. What is missing is collected, so that one
# run of configure names every package.
AC_DEFUN([AISLE_NEED], [
  aisle_found=no
  AS_IF([test -n "$2" && test -n "$PKG_CONFIG"], [
    PKG_CHECK_MODULES([$1], [$2], [aisle_found=yes], [aisle_found=no])])
  AS_IF([test $aisle_found = no], [
    aisle_saved=$LIBS
    LIBS=
    AC_CHECK_HEADER([$5], [
      AC_SEARCH_LIBS([$4], [$3], [aisle_found=yes; $1_LIBS=$LIBS; $1_CFLAGS=])])
    LIBS=$aisle_saved])
  AS_IF([test $aisle_found = no],
        [aisle_missing="$aisle_missing $6"])
  AC_SUBST([$1_CFLAGS])
  AC_SUBST([$1_LIBS])
])

# AISLE_ADD_FLAG(VARIABLE, FLAG): add FLAG where the compiler takes it.
AC_DEFUN([AISLE_ADD_FLAG], [
  AS_VAR_PUSHDEF([cachevar], [aisle_cv_flag_$2])
  AC_CACHE_CHECK([whether $CC takes $2], [cachevar], [
    aisle_saved=$CFLAGS
    CFLAGS="$CFLAGS -Werror $2"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
      [AS_VAR_SET([cachevar], [yes])], [AS_VAR_SET([cachevar], [no])])
    CFLAGS=$aisle_saved])
  AS_VAR_IF([cachevar], [yes], [$1="$$1 $2"])
  AS_VAR_POPDEF([cachevar])
])
