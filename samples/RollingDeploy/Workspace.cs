namespace RollingDeploy;

/// <summary>The temporary folder: both versions of the service, the package's feed, the database and the logs.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly bool _keep;

    public Workspace(string repository, bool keep)
    {
        _keep = keep;
        Repository = repository;
        Root = Directory.CreateTempSubdirectory("rolling-deploy-").FullName;
        Feed = Directory.CreateDirectory(Path.Combine(Root, "feed")).FullName;
        Logs = Directory.CreateDirectory(Path.Combine(Root, "logs")).FullName;
        Before = new Service("before", Copy("before"));
        After = new Service("after", Copy("after"));
    }

    public string Repository { get; }

    public string Root { get; }

    public string Feed { get; }

    public string Logs { get; }

    /// <summary>The packages that are unpacked for this run alone.</summary>
    public string Packages => Path.Combine(Root, "packages");

    /// <summary>The service as it is in the repository.</summary>
    public Service Before { get; }

    /// <summary>The service that gets the package and its fixes.</summary>
    public Service After { get; }

    /// <summary>The repository that this program was built in.</summary>
    public static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ShutdownAnalyzers.sln")))
                return folder.FullName;
        }

        throw new EnvironmentException("The demonstration packs the product, so it has to be built and run inside of its repository.");
    }

    public void Dispose()
    {
        if (_keep)
        {
            Screen.Line($"Kept: {Root}");
            return;
        }

        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"{Root} couldn't be removed: {e.Message}");
        }
    }

    private string Copy(string name)
    {
        var source = Path.Combine(Repository, "samples", "Orders");
        var target = Path.Combine(Root, name);
        foreach (var file in SourceFiles.In(source))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }
}

/// <summary>One version of the service.</summary>
internal sealed record Service(string Name, string Folder)
{
    public string Project => Path.Combine(Folder, "Orders.csproj");

    public string Assembly => Path.Combine(Folder, "bin", "Release", "net10.0", "Orders.dll");
}

internal static class SourceFiles
{
    /// <summary>The files of a project's folder, without what builds and runs leave there.</summary>
    public static IEnumerable<string> In(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (Path.GetExtension(file) is not (".db" or ".db-shm" or ".db-wal" or ".user"))
                yield return file;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            if (Path.GetFileName(inner) is "bin" or "obj" || Path.GetFileName(inner).StartsWith('.'))
                continue;

            foreach (var file in In(inner))
                yield return file;
        }
    }
}
