import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { EventLog } from './event-log.ts';
import { observeRules } from './observe-rules.ts';
import { type ObserveState, readState, stateOf } from './observe-state.ts';
import type { LabelName, LabelRule, ObserveOptions } from './options.ts';
import type { Panel } from './panel.ts';
import { panelOf } from './panel-columns.ts';

/** A panel under way: batches in, in any order and from any number of shards. */
export interface ObserveAccumulator<F extends string = string, L extends string = string> {
  /** Reads one batch of events. */
  update(batch: Columns): void;
  /** Takes in what another accumulator of the same options gathered. */
  merge(other: ObserveAccumulator<F, L>): void;
  /** The panel of everything gathered so far. */
  finish(): Panel<F, L>;
  /** Everything gathered so far as plain JSON, for `observeAccumulatorFromJSON`. */
  toJSON(): ObserveState;
}

/**
 * The streaming form of `observe`, for events that arrive batch by batch or shard by shard. It holds totals per customer
 * and as-of date, not rows; `finish` gives the same bits whatever the order of updates and merges.
 * @throws ClienteleError as `observe`; `merge` `invalid-option` when the options differ
 * @example
 * const panel = observeAccumulator(options);
 * for await (const batch of batches) panel.update(batch);
 * const { columns, features, horizon } = panel.finish();
 */
export function observeAccumulator<const F extends string, const R extends LabelRule | undefined = undefined>(
  options: ObserveOptions<F, R>,
): ObserveAccumulator<F, LabelName<R>> {
  return new Gathering(new EventLog(observeRules(options))) as unknown as ObserveAccumulator<F, LabelName<R>>;
}

/**
 * Goes on from a stored state, or merges what other machines have gathered.
 * @param json what `toJSON` gave, through `JSON.parse` or not
 * @throws ClienteleError `invalid-model` for anything else, with the place; `invalid-option` for options that are none
 * @example
 * const shards = texts.map((text) => observeAccumulatorFromJSON(JSON.parse(text)));
 * for (const shard of shards.slice(1)) shards[0].merge(shard);
 * const panel = shards[0].finish();
 */
export function observeAccumulatorFromJSON(json: unknown): ObserveAccumulator {
  return new Gathering(readState(json));
}

class Gathering implements ObserveAccumulator {
  private readonly log: EventLog;

  constructor(log: EventLog) {
    this.log = log;
  }

  update(batch: Columns): void {
    this.log.add(batch);
  }

  merge(other: Gathering): void {
    if (other === this) fail('invalid-option', 'cannot merge panels: both are the same one');
    const [own, theirs] = [this.log.rules.options, other.log.rules.options];
    for (const key of new Set([...Object.keys(own), ...Object.keys(theirs)]) as Set<keyof ObserveOptions>)
      if (JSON.stringify(own[key]) !== JSON.stringify(theirs[key]))
        fail(
          'invalid-option',
          `cannot merge panels: ${key} is ${JSON.stringify(own[key])} here and ${JSON.stringify(theirs[key])} there`,
        );
    this.log.merge(other.log);
  }

  finish(): Panel {
    return panelOf(this.log);
  }

  toJSON(): ObserveState {
    return stateOf(this.log);
  }
}
