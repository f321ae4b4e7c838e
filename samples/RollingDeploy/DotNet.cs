using System.Diagnostics;

namespace RollingDeploy;

/// <summary>The SDK's command line.</summary>
internal sealed class DotNet(string? packages = null)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>The muxer that runs this program where it says so, else the one on the path.</summary>
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path && File.Exists(path) ? path : "dotnet";

    /// <summary>Runs a command to its end.</summary>
    public async Task<CommandResult> TryRunAsync(IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // "dotnet run" leaves its own MSBuild's settings behind, which may not fit the SDK of another folder.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        if (packages is not null)
            start.Environment["NUGET_PACKAGES"] = packages;

        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var exit = process.WaitForExitAsync(cancellationToken);
            while (await Task.WhenAny(exit, Task.Delay(s_patience, cancellationToken)) != exit && !cancellationToken.IsCancellationRequested)
                Screen.Progress($"dotnet {start.ArgumentList[0]} is at work");
            await exit;
            return new CommandResult(process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs a command that has to succeed.</summary>
    public async Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var result = await TryRunAsync(arguments, folder, cancellationToken);
        return result.ExitCode == 0
            ? result
            : throw new EnvironmentException($"'dotnet {string.Join(' ', arguments)}' failed with exit code {result.ExitCode}:\n{result.Tail(40)}");
    }

    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new EnvironmentException($"'{start.FileName}' can't be started: {e.Message}");
        }
    }
}

internal sealed record CommandResult(int ExitCode, string Output)
{
    public IEnumerable<string> Lines => Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public string Tail(int count) => string.Join('\n', Lines.TakeLast(count));
}
