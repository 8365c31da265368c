using System.CommandLine;
using Grpc.Core;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Routing.Model;
using KeyAccountLogistics.Server.Hosting;

namespace KeyAccountLogistics.Cli;

/// <summary>Exit codes of every verb, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done, and the answer is good.</summary>
    public const int Ok = 0;

    /// <summary>Done, and the answer is bad: a broken link, a difference, rejected lines.</summary>
    public const int Bad = 1;

    /// <summary>Not done: wrong usage, refused, not found.</summary>
    public const int Failed = 2;

    /// <summary>Not done: the backend or database could not be reached; trying again may help.</summary>
    public const int Unreachable = 3;
}

/// <summary>Runs a verb's body and turns what stops it into one line for a person and an exit code for a script. The only place that catches.</summary>
internal static class VerbRun
{
    public static void Runs(this Command verb, Func<ParseResult, CancellationToken, Task<int>> body) => verb.SetAction(async (parsed, ct) =>
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            return await body(parsed, ct);
        }
        catch (UsageException e)
        {
            await error.WriteLineAsync("kal: " + e.Message);
            return ExitCode.Failed;
        }
        catch (ProblemException e)
        {
            await error.WriteLineAsync("kal: " + e.Message);
            return ExitCode.Failed;
        }
        catch (StartupException e)
        {
            await error.WriteLineAsync("kal: " + e.Message);
            return ExitCode.Unreachable;
        }
        catch (RpcException e)
        {
            await error.WriteLineAsync($"kal: {Say(e)}");
            return e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded ? ExitCode.Unreachable : ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync("kal: " + e.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await error.WriteLineAsync("kal: stopped.");
            return ExitCode.Failed;
        }
    });

    private static string Say(RpcException e) => e.StatusCode switch
    {
        StatusCode.Unavailable => $"The backend cannot be reached: {e.Status.Detail} Check --server and that the backend runs.",
        StatusCode.Unauthenticated => $"Not signed in: {e.Status.Detail} Put a token into {ConnectionOptions.TokenVariable}, for example: export {ConnectionOptions.TokenVariable}=$(kal sign-in --server URL --name NAME).",
        StatusCode.PermissionDenied => $"Not allowed: {e.Status.Detail}",
        StatusCode.NotFound => $"Not found: {e.Status.Detail}",
        StatusCode.InvalidArgument => $"Refused: {e.Status.Detail}",
        _ => $"{e.StatusCode}: {e.Status.Detail}",
    };
}
