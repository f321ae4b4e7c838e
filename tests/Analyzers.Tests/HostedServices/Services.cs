using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.HostedServices;

/// <summary>Hosted services around a few lines of code, in a library.</summary>
internal static class Services
{
    public static readonly Action<Code> Library = code => code.OutputKind = Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary;

    /// <summary>A background service with <paramref name="body"/> as its <c>ExecuteAsync</c> and <paramref name="members"/> beside it.</summary>
    public static string Background(string body, string members = "", string execute = "protected override async Task ExecuteAsync(CancellationToken stoppingToken)") =>
        $$"""
        using System.Threading.Channels;
        using System.Collections.Concurrent;

        public class Worker(ILogger<Worker> logger) : BackgroundService
        {
            {{execute}}
            {
                {{body.ReplaceLineEndings("\n        ").Replace("\n        \n", "\n\n", StringComparison.Ordinal)}}
            }

            {{members.ReplaceLineEndings("\n    ")}}

            private Task WorkAsync(CancellationToken cancellationToken = default) => Task.FromResult(logger);
            private void Work() { }
        }
        """;

    /// <summary>A hosted service without a base class, with the two bodies.</summary>
    public static string Hosted(string start, string stop, string members = "", bool asyncStop = false) =>
        $$"""
        using System.Threading.Channels;
        using System.Collections.Concurrent;

        public class Worker(ILogger<Worker> logger) : IHostedService
        {
            {{members.ReplaceLineEndings("\n    ")}}

            public Task StartAsync(CancellationToken cancellationToken)
            {
                {{start.ReplaceLineEndings("\n        ")}}
                return Task.CompletedTask;
            }

            public {{(asyncStop ? "async " : "")}}Task StopAsync(CancellationToken cancellationToken)
            {
                {{stop.ReplaceLineEndings("\n        ")}}
            }

            private Task WorkAsync(CancellationToken cancellationToken = default) => Task.FromResult(logger);
            private void Work() { }
        }
        """;
}
