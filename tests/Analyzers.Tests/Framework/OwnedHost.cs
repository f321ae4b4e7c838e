namespace ShutdownAnalyzers.Tests.Framework;

/// <summary>A program with a web host inside, which an object keeps in a private field, starts in one method and stops in another.</summary>
internal static class OwnedHost
{
    public const string Stop = "await _app!.StopAsync();";

    /// <param name="start">What follows on <c>var builder = WebApplication.CreateBuilder();</c> in the method that starts it.</param>
    /// <param name="stop">The method that stops it.</param>
    public static string Program(string start, string stop = Stop) =>
        $$"""
        var setup = new SetupServer();
        await setup.StartAsync();
        await setup.StopAsync();

        public sealed class SetupServer
        {
            private WebApplication? _app;

            public async Task StartAsync()
            {
                var builder = WebApplication.CreateBuilder();
                {{start}}
            }

            public async Task StopAsync()
            {
                {{stop}}
            }

            private static Task Wait(IHost host) => host.StopAsync();
        }
        """;
}
