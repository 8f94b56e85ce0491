/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The scanner's states: what the grammar allows at the next byte that is no white space. */
enum
{
  EXPECT_MESSAGE,
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END,
  EXPECT_KEY,
  EXPECT_KEY_OR_END,
  EXPECT_COLON,
  EXPECT_COMMA_OR_END,
  IN_STRING,
  IN_KEY,
  AT_END,
};

/* No container is open. */
#define WIRE_NOT_OPEN 0xffffffffu
