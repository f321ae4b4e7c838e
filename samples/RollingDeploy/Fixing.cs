namespace RollingDeploy;

/// <summary>What a team does that tries the product: add the package, see the warnings, apply the fixes.</summary>
internal static class Fixing
{
    /// <summary>Whether the service builds without a warning of the product in the end.</summary>
    public static async Task<bool> FixAsync(Workspace workspace, string version, CancellationToken cancellationToken)
    {
        var service = workspace.After;
        var dotnet = new DotNet(workspace.Packages);

        Screen.Step($"dotnet add package {Packing.Package}; dotnet build");
        await dotnet.RunAsync(["add", service.Project, "package", Packing.Package, "--version", version], service.Folder, cancellationToken);
        var found = (await Building.BuildAsync(workspace, service, cancellationToken)).FindAll(Building.IsOurs);
        Building.Show(found);
        if (found.Count == 0)
        {
            Screen.Line("No warning: the package's analyzers found none of the service's defects.");
            return false;
        }

        Screen.Step("dotnet format analyzers --severity warn");
        var original = await SourcesAsync(service, cancellationToken);
        await dotnet.RunAsync(
            ["format", "analyzers", service.Project, "--severity", "warn", "--no-restore"], service.Folder, cancellationToken);
        ShowChanges(original, await SourcesAsync(service, cancellationToken));

        Screen.Step("dotnet build");
        var left = (await Building.BuildAsync(workspace, service, cancellationToken)).FindAll(Building.IsOurs);
        Building.Show(left);
        Screen.Line($"warnings before the fixes: {found.Count}, after them: {left.Count}");
        return left.Count == 0;
    }

    private static async Task<SortedDictionary<string, string[]>> SourcesAsync(Service service, CancellationToken cancellationToken)
    {
        var sources = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var file in SourceFiles.In(service.Folder).Where(file => file.EndsWith(".cs", StringComparison.Ordinal)))
            sources[Path.GetRelativePath(service.Folder, file)] = await File.ReadAllLinesAsync(file, cancellationToken);
        return sources;
    }

    private static void ShowChanges(SortedDictionary<string, string[]> original, SortedDictionary<string, string[]> changed)
    {
        foreach (var (file, lines) in changed)
        {
            var changes = Differences.Between(original.GetValueOrDefault(file, []), lines);
            if (changes.Count == 0)
                continue;

            Screen.Line($"{file} (+{changes.Count(line => line[0] == '+')} -{changes.Count(line => line[0] == '-')})");
            foreach (var line in changes)
                Screen.Line("    " + line);
        }
    }
}
