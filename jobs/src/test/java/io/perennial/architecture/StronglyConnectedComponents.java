package io.perennial.architecture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The strongly connected components of a graph, by Tarjan's algorithm (1972). */
final class StronglyConnectedComponents {

  private final Map<String, Set<String>> edges;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Map<String, Integer> lowLinks = new HashMap<>();
  private final Deque<String> stack = new ArrayDeque<>();
  private final List<Set<String>> components = new ArrayList<>();

  private StronglyConnectedComponents(Map<String, Set<String>> edges) {
    this.edges = edges;
  }

  /** The components with at least two nodes. */
  static List<Set<String>> of(Map<String, Set<String>> edges) {
    StronglyConnectedComponents search = new StronglyConnectedComponents(edges);
    edges.keySet().stream()
        .filter(node -> !search.indexes.containsKey(node))
        .forEach(search::visit);
    return search.components;
  }

  private void visit(String node) {
    int index = indexes.size();
    indexes.put(node, index);
    lowLinks.put(node, index);
    stack.push(node);
    for (String next : edges.getOrDefault(node, Set.of())) {
      if (!indexes.containsKey(next)) {
        visit(next);
        lowLinks.merge(node, lowLinks.get(next), Math::min);
      } else if (stack.contains(next)) {
        lowLinks.merge(node, indexes.get(next), Math::min);
      }
    }
    if (lowLinks.get(node) == index) {
      Set<String> component = new TreeSet<>();
      String last;
      do {
        last = stack.pop();
        component.add(last);
      } while (!last.equals(node));
      if (component.size() > 1) {
        components.add(component);
      }
    }
  }
}
