/**
 * Writes a synthetic order lake of any size with known true parameters.
 *
 * <p>Each {@link io.perennial.sample.Customer} is a pure function of the seed and a number: a
 * purchase rate, a dropout probability, preferences, an address. {@link io.perennial.sample.Life}
 * draws the order times, {@link io.perennial.sample.OrderOutcome} whether an order is cancelled,
 * refunded or exported late, {@link io.perennial.sample.Basket} its lines, and {@link
 * io.perennial.sample.Corruption} which records are corrupted. {@link
 * io.perennial.sample.SampleLake} runs this in two halves: the order times of all customers, a few
 * dozen bytes each, are shuffled to the file of their month; the lines are generated where they are
 * written. So a lake of a hundred million lines needs neither a sort nor a cache of its lines.
 * {@link io.perennial.sample.GroundTruth} writes the true parameters.
 */
package io.perennial.sample;
