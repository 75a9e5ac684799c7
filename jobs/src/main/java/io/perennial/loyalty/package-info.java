/**
 * The loyalty programme: points and tiers by configured rules, computed from customer_days alone.
 * Points are exact whole numbers, rounded down once per customer.
 */
package io.perennial.loyalty;
