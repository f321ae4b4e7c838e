using ShutdownAnalyzers.Corpus;

if (args.Length == 0 || args.Contains("--help"))
{
    Console.WriteLine("""
        Compiles every project under a folder of checkouts loosely (errors are tolerated), runs every rule, and prints what it finds.

          dotnet run -c Release --project tests/Corpus -- FOLDER [--rule SHUT101[,SHUT103...]] [--repository NAME] [--times] [--all-deployment-files] [--matches]

        FOLDER holds one checkout a subfolder. The projects get the deployment files that a build with the package would add, or all
        of their repository. --matches prints which of these run which project. Ends with a count by rule; exit code 1 when a rule threw.
        """);
    return args.Length == 0 ? 2 : 0;
}

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

var rules = Option("--rule")?.Split(',');
var only = Option("--repository");
var run = new Run(rules, args.Contains("--all-deployment-files"), args.Contains("--matches"));
foreach (var repository in Directory.GetDirectories(args[0]).Order(StringComparer.Ordinal))
{
    if (only is null || Path.GetFileName(repository) == only)
        await run.RepositoryAsync(repository);
}

return run.Summarize(times: args.Contains("--times"));
