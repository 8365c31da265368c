using KeyAccountLogistics.Benchmarks.Edge;
using KeyAccountLogistics.Benchmarks.Ingest;

// One verb per hot path; tests/bench.sh calls them one by one and collects the lines "ratio <name> <value>".
return args is [] ? Usage() : args[0] switch
{
    "ingest" => await IngestBench.RunAsync(args[1..]),
    "edge" => await EdgeBench.RunAsync(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: KeyAccountLogistics.Benchmarks ingest [--events N] [--rounds N] [--engine sqlite|postgres]");
    Console.Error.WriteLine("       KeyAccountLogistics.Benchmarks edge [--samples N] [--idle-seconds N] [--backlog N]");
    return 2;
}
