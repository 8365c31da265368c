using KeyAccountLogistics.Benchmarks.Contracts;
using KeyAccountLogistics.Benchmarks.Dispatch;
using KeyAccountLogistics.Benchmarks.Edge;
using KeyAccountLogistics.Benchmarks.Ingest;
using KeyAccountLogistics.Benchmarks.Rating;
using KeyAccountLogistics.Benchmarks.Routing;
using KeyAccountLogistics.Benchmarks.Scoring;

// One verb per hot path; without one, all of them. The exit code is 1 when a target is missed.
if (args is [])
{
    var ingest = await IngestBench.RunAsync([]);
    var edge = await EdgeBench.RunAsync([]);
    var contracts = Math.Max(Math.Max(ContractBench.Run(), RateBench.Run([])), DispatchBench.Run());
    return Math.Max(Math.Max(ingest, edge), Math.Max(Math.Max(contracts, await ScoreBench.RunAsync([])), RouteBench.Run([])));
}
return args[0] switch
{
    "ingest" => await IngestBench.RunAsync(args[1..]),
    "edge" => await EdgeBench.RunAsync(args[1..]),
    "rate" => RateBench.Run(args[1..]),
    "contract" => ContractBench.Run(),
    "dispatch" => DispatchBench.Run(),
    "score" => await ScoreBench.RunAsync(args[1..]),
    "route" => RouteBench.Run(args[1..]),
    ClientProcess.Verb => await IngestClient.RunAsync(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: KeyAccountLogistics.Benchmarks [ingest [--events N] [--rounds N] [--engine sqlite|postgres]]");
    Console.Error.WriteLine("       KeyAccountLogistics.Benchmarks [edge [--samples N] [--idle-seconds N] [--backlog N] [--lines N] [--device-seconds N] [--only decoders|lines]]");
    Console.Error.WriteLine("       KeyAccountLogistics.Benchmarks [rate [--shipments N] [--rounds N] [--csv N]]");
    Console.Error.WriteLine("       KeyAccountLogistics.Benchmarks [contract | dispatch]");
    Console.Error.WriteLine("       KeyAccountLogistics.Benchmarks [score [--parcels N] [--accounts N] [--events N] [--rounds N] [--engine sqlite|postgres]]");
    Console.Error.WriteLine("       KeyAccountLogistics.Benchmarks [route [--suite NAME] [--only A,B] [--seconds N | --iterations N] [--seeds N] [--threads N] [--table FILE]]");
    return 2;
}
