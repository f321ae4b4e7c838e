namespace RollingDeploy;

/// <summary>Makes the NuGet package from the sources and offers it to the copies of the service.</summary>
internal static class Packing
{
    public const string Package = "ShutdownAnalyzers";

    /// <summary>Packs into the workspace's feed; the version, which no other run has used.</summary>
    public static async Task<string> PackAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var version = $"0.0.0-demonstration.{DateTime.UtcNow:yyyyMMddHHmmss}";
        await new DotNet().RunAsync(
            ["pack", Path.Combine("src", "Package"), "--configuration", "Release", "--output", workspace.Feed, $"-p:PackageVersion={version}", "-tl:off"],
            workspace.Repository,
            cancellationToken);

        var file = Path.Combine(workspace.Feed, $"{Package}.{version}.nupkg");
        if (!File.Exists(file))
            throw new EnvironmentException($"'dotnet pack' made no {Path.GetFileName(file)}.");

        Screen.Line($"{Path.GetFileName(file)}, {new FileInfo(file).Length / 1024} KB");
        await OfferAsync(workspace, cancellationToken);
        return version;
    }

    // The feed comes in addition to the user's own sources. The run unpacks into a folder of its own, so that nothing stays behind in the user's;
    // what lies there already is taken from there.
    private static async Task OfferAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var locals = await new DotNet().RunAsync(["nuget", "locals", "global-packages", "--list"], workspace.Root, cancellationToken);
        var usersPackages = locals.Output.Split(':', 2)[^1].Trim();
        var fallback = Directory.Exists(usersPackages)
            ? $"""<fallbackPackageFolders><add key="users" value="{System.Security.SecurityElement.Escape(usersPackages)}" /></fallbackPackageFolders>"""
            : "";

        await File.WriteAllTextAsync(
            Path.Combine(workspace.Root, "nuget.config"),
            $"""
             <?xml version="1.0" encoding="utf-8"?>
             <configuration>
               <packageSources><add key="demonstration" value="{System.Security.SecurityElement.Escape(workspace.Feed)}" /></packageSources>
               <packageSourceMapping><clear /></packageSourceMapping>
               {fallback}
             </configuration>
             """,
            cancellationToken);
    }
}
