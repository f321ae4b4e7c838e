namespace RollingDeploy;

/// <summary>The whole story: pack, build, fix, and deploy both versions under load.</summary>
internal sealed class Demonstration(Settings settings)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var workspace = new Workspace(Workspace.FindRepository(), settings.Keep);
        if (settings.After)
        {
            Screen.Step("dotnet pack src/Package");
            var version = await Packing.PackAsync(workspace, cancellationToken);
            if (!await Fixing.FixAsync(workspace, version, cancellationToken))
            {
                Console.WriteLine("FAILED: the fixes don't remove every warning.");
                return ExitCodes.FixedVersionFails;
            }
        }

        var before = settings.Before ? await DeployBeforeAsync(workspace, cancellationToken) : null;
        var after = settings.After ? await DeployAfterAsync(workspace, cancellationToken) : null;
        Report.Print([.. new[] { before, after }.OfType<Outcome>()]);
        return Report.Judge(before, after);
    }

    private async Task<Outcome> DeployBeforeAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        Screen.Step("Rolling deploy of the service as it was");
        await Building.BuildAsync(workspace, workspace.Before, cancellationToken);
        Describe();
        return await new RollingRestart(settings, workspace).RunAsync(workspace.Before, cancellationToken);
    }

    private async Task<Outcome> DeployAfterAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        Screen.Step("Rolling deploy of the service with the fixes");
        Describe();
        var delay = Environment.GetEnvironmentVariable("SHUTDOWN_DRAIN_DELAY");
        Screen.Line(string.IsNullOrEmpty(delay) ? "drain delay: the default" : $"drain delay: SHUTDOWN_DRAIN_DELAY={delay}");
        return await new RollingRestart(settings, workspace).RunAsync(workspace.After, cancellationToken);
    }

    private static void Describe()
    {
        Screen.Line($"proxy: {Proxy.Description}");
        Screen.Line($"database: {OrderDatabase.Description}");
    }
}
