package io.perennial.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A chart that the page's script draws.
 *
 * @param id unique on the page
 * @param label description for screen readers, one sentence
 * @param option of ECharts
 */
record Chart(String id, String label, ObjectNode option) {}
