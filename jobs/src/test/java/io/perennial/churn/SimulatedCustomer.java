package io.perennial.churn;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * Customers who live as the BG/NBD model says: they order at random while alive, and may leave for
 * good after each repeat order. It knows none of the model's formulas.
 *
 * @param x repeat orders in the observed time
 * @param recency weeks from the first to the last of them
 * @param age weeks observed
 * @param later orders in the horizon after
 * @param alive whether the customer had not left by the end of the observed time
 */
record SimulatedCustomer(int x, double recency, double age, int later, boolean alive) {

  static List<SimulatedCustomer> of(BgNbd model, int customers, double mostAge, double horizon) {
    RandomGenerator random = new Well19937c(20050524);
    GammaDistribution rates = new GammaDistribution(random, model.r(), 1 / model.alpha());
    BetaDistribution dropouts = new BetaDistribution(random, model.a(), model.b());
    List<SimulatedCustomer> stories = new ArrayList<>();
    for (int i = 0; i < customers; i++) {
      double rate = rates.sample();
      double dropout = dropouts.sample();
      double age = mostAge * random.nextDouble();
      int x = 0;
      int later = 0;
      double recency = 0;
      boolean isAliveAtAge = true;
      boolean isAlive = true;
      double time = 0;
      while (isAlive) {
        time += -Math.log(1 - random.nextDouble()) / rate;
        if (!(time <= age + horizon)) {
          break;
        }
        isAlive = random.nextDouble() >= dropout;
        if (time <= age) {
          x++;
          recency = time;
          isAliveAtAge = isAlive;
        } else {
          later++;
        }
      }
      stories.add(new SimulatedCustomer(x, recency, age, later, isAliveAtAge));
    }
    return stories;
  }
}
