/**
 * Selects customers for campaigns and measures the effect. {@code customer_profile} gathers what is
 * known of each customer; the rules of conf/audiences.conf are evaluated over it in one pass; a
 * waterfall of suppressions, with a count per step, and control groups reduce the matches to {@code
 * audience_members}; {@code campaign_lift} compares targets with the customers held out.
 */
package io.perennial.audiences;
