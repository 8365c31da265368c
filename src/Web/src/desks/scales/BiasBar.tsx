import type { ScaleBias } from "../../gen/kal/custody/v1/events_pb";

const width = 160;
const height = 26;

// The interval of the estimate against the limit: inside the pale band the scale may be used.
export function BiasBar({ bias }: { bias: ScaleBias }) {
  const limit = Number(bias.limitMg);
  const reach = Math.max(limit * 1.6, Math.abs(Number(bias.lowMg)) * 1.1, Math.abs(Number(bias.highMg)) * 1.1);
  const x = (mg: number) => width / 2 + (mg / reach) * (width / 2 - 4);
  const beyond = Number(bias.lowMg) > limit || Number(bias.highMg) < -limit;
  return (
    <svg className={`bias ${beyond ? "beyond" : ""}`} width={width} height={height} aria-hidden="true">
      <rect className="bias-limit" x={x(-limit)} width={x(limit) - x(-limit)} y={4} height={height - 8} />
      <line className="bias-zero" x1={x(0)} x2={x(0)} y1={2} y2={height - 2} />
      <line className="bias-interval" x1={x(Number(bias.lowMg))} x2={x(Number(bias.highMg))} y1={height / 2} y2={height / 2} />
      <circle className="bias-point" cx={x(Number(bias.errorMg))} cy={height / 2} r={4} />
    </svg>
  );
}
