import type { BillResult, TuneResult } from "../../tune/result.js";
import { count, plain, quantity } from "../format.js";
import type { Style } from "../style.js";
import { paragraph, sentence } from "./paragraph.js";

/** What keeping connections alive costs, and whether it pays. */
export function billLines(result: TuneResult, style: Style, columns: number): string {
  const lines = result.bill === null ? [unknown(result)] : told(result.bill);
  return [style.bold("The bill"), ...lines.map((line) => paragraph(line, columns))].join("\n");
}

function unknown({ settings, target }: TuneResult): string {
  if (settings.length === 0) return "Can't be told: no settings were derived.";
  const { transport } = target;
  return transport === "file" || transport === "memory"
    ? "None: there is no connection over a network to keep alive."
    : "Can't be told: it ended before.";
}

function told(bill: BillResult): string[] {
  // Where nothing is pinged there is nothing that might not pay.
  return bill.pings_per_day === 0 && bill.break_even_per_day === null
    ? [sentence(bill.rule)]
    : [pings(bill), breakEven(bill), sentence(bill.rule)];
}

function pings({
  connections_held: held,
  pings_per_day: daily,
  quota_per_day: quota,
  quota_share: share,
}: BillResult) {
  const kept = held === 1 ? "1 connection" : `${plain(held)} connections`;
  const sent = daily === 1 ? "1 ping" : `${count(daily)} pings`;
  const of =
    quota === null || share === null
      ? " (--quota tells what share of your queries a day that is)"
      : `, ${quantity(share * 100, "percent")} of the ${count(quota)} queries a day that there may be`;
  return `Keeping ${kept} alive takes ${sent} a day${of}.`;
}

function breakEven({
  break_even_per_day: least,
  operations_per_day: operations,
  pooling_pays: pays,
}: BillResult) {
  const traffic = operations === 1 ? "1 operation a day" : `${count(operations)} operations a day`;
  const verdict =
    pays === null ? "whether pooling pays can't be told" : pays ? "pooling pays" : "pooling does not pay";
  return least === null
    ? `Break-even can't be told. This workload makes ${traffic}: ${verdict}.`
    : `Break-even is at ${least === 1 ? "1 operation" : `${count(least)} operations`} a day. This workload makes ${traffic}: ${verdict}.`;
}
