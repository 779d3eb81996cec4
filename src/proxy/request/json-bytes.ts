/** The bytes that structure JSON. In UTF-8, none of them is part of another character. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const COLON = 0x3a;
export const COMMA = 0x2c;
/** The highest of the bytes that are white space; those below are too, or are none of JSON's. */
export const SPACE = 0x20;
