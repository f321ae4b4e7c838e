namespace RollingDeploy;

internal static class OrderDatabase
{
    private const string Variable = "ConnectionStrings__Orders";

    /// <summary>The user's own database where the environment names one, else a SQLite file for each version.</summary>
    public static string For(Workspace workspace, Service service) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } connectionString
            ? connectionString
            : $"Data Source={Path.Combine(workspace.Root, service.Name + ".db")}";

    public static string Description =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } ? $"the one that {Variable} names" : "a SQLite file";
}
