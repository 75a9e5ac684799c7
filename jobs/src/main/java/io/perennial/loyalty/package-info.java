/**
 * The loyalty programme: points and tiers that customers would have by configured rules, from their
 * days alone. Points are exact whole numbers, rounded down once per customer.
 */
package io.perennial.loyalty;
