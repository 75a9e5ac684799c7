package io.perennial.products;

import java.io.Serializable;

/**
 * The data that rules are mined from.
 *
 * @param items codes of the items that rules may have, ascending
 * @param before only orders before this day count, in days since 1970-01-01
 */
record Cutoff(int[] items, int before) implements Serializable {}
