namespace ShutdownAnalyzers.TestSupport;

/// <summary>Starts the programs of tests/Services that were built with the tests.</summary>
public static class ServiceUnderTest
{
    /// <summary>What every service gets; nothing of it comes from the machine that runs the tests.</summary>
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["Logging__LogLevel__Default"] = "Warning",
        ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
        ["Logging__LogLevel__ShutdownAnalyzers"] = "Debug",
    };

    public static ServiceProcess Start(string project, string form, IReadOnlyDictionary<string, string>? settings = null) => Start(project, [form], settings);

    public static ServiceProcess Start(string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null) =>
        StartFile("dotnet", [AssemblyFile(project), .. arguments], settings);

    public static ServiceProcess StartSample(string folder, string project, IReadOnlyDictionary<string, string>? settings = null) =>
        StartFile("dotnet", [Built(Path.Combine("samples", folder), project)], settings);

    public static ServiceProcess StartFile(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null)
    {
        var all = new Dictionary<string, string>(Settings);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            all[name] = value;
        return ServiceProcess.Start(file, arguments, all);
    }

    public static string AssemblyFile(string project) => Built(Path.Combine("tests", "Services", project), project);

    private static string Built(string folder, string project) => Path.Combine(Repository.Root, folder, "bin", Repository.Configuration, "net10.0", project + ".dll");
}
