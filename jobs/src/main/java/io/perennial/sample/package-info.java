/**
 * Writes a synthetic order lake of any size whose customers are known in truth.
 *
 * <p>Each customer is a pure function of the seed and a number ({@link
 * io.perennial.sample.Customer}): a purchase rate, a chance to drop out after each order, tastes,
 * an address. {@link io.perennial.sample.Life} turns that into order times, {@link
 * io.perennial.sample.Fate} decides what becomes of each order (cancelled, refunded, exported
 * late), {@link io.perennial.sample.Basket} what is in it, {@link io.perennial.sample.Dirt} which
 * records an export spoils. {@link io.perennial.sample.SampleLake} lets Spark do this in two
 * halves: the order times of all customers, a few dozen bytes each, are shuffled to the file of
 * their month; only there an order becomes its lines, which are written where they arise. So a lake
 * of a hundred million lines needs neither a sort nor a cache of its lines. {@link
 * io.perennial.sample.Truth} writes the true parameters beside the lake.
 */
package io.perennial.sample;
