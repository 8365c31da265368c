using System.CommandLine;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Cli.Connection;

namespace KeyAccountLogistics.Cli.Admin;

/// <summary><c>kal sign-in</c>: a short-lived token for the other verbs, on standard output and nowhere else.</summary>
internal static class SignInVerb
{
    public static Command Build()
    {
        var verb = new Command("sign-in", $"Signs in and prints a token valid for a few minutes: export {ConnectionOptions.TokenVariable}=$(kal sign-in --server URL --name NAME)");
        var server = new Option<string>("--server") { Description = "The backend's gRPC address.", Required = true, HelpName = "URL" };
        var name = new Option<string>("--name") { Description = "Sign-in name; the password is asked for, piped in, or read from KAL_PASSWORD.", Required = true, HelpName = "NAME" };
        verb.Options.Add(server);
        verb.Options.Add(name);
        verb.Runs(async (parsed, ct) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            await using var connection = BackendConnection.Remote(parsed.GetRequiredValue(server), null);
            var password = Secrets.Ask("Password", "KAL_PASSWORD", error);
            var reply = await new SignIn.SignInClient(connection.Calls).WithPasswordAsync(
                new PasswordSignInRequest { Name = parsed.GetRequiredValue(name), Password = password }, cancellationToken: ct);
            if (reply.AnswerCase != SignInReply.AnswerOneofCase.Session)
            {
                await error.WriteLineAsync($"kal: Sign-in refused: {reply.Refused?.Code.Replace('_', ' ')}.");
                return ExitCode.Failed;
            }
            await parsed.InvocationConfiguration.Output.WriteLineAsync(reply.Session.AccessToken);
            return ExitCode.Ok;
        });
        return verb;
    }
}
