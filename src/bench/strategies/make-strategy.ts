import type { StrategyName } from "../plan.js";
import { ClientStrategy } from "./client.js";
import { PooledStrategy } from "./pooled.js";
import type { Strategy, StrategyContext } from "./strategy.js";
import { UnpooledStrategy } from "./unpooled.js";

export function makeStrategy(name: StrategyName, context: StrategyContext): Strategy {
  switch (name) {
    case "unpooled":
      return new UnpooledStrategy(context);
    case "client":
      return new ClientStrategy(context);
    case "pool":
    case "keepalive":
      return new PooledStrategy(name, context);
  }
}
