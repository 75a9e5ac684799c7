/**
 * Whom to talk to, and what it changed. {@code customer_profile} gathers what is known of a
 * customer; the rules of conf/audiences.conf are evaluated over it in one pass; the waterfall of
 * suppressions, every step counted, and the control groups make {@code audience_members} of it;
 * {@code campaign_lift} compares those who were targeted with those who were held out.
 */
package io.perennial.audiences;
