using System.Globalization;
using ShutdownAnalyzers.AnalyzerCost;

var write = args.Contains("--write");
switch (args.Where(arg => arg != "--write").ToArray())
{
    case ["rules"]:
        await RuleCosts.PrintAsync(write);
        return 0;
    case ["memory"]:
        await MemoryCost.PrintAsync(write);
        return 0;
    case ["memory", var hostedEvery]:
        MemoryCost.PrintOnce(int.Parse(hostedEvery, CultureInfo.InvariantCulture));
        return 0;
    case ["packages", var folder, .. var packages]:
        return await PackageCosts.PrintAllAsync(folder, write, packages);
    case ["package", var folder, var repository, var project, .. var packages]:
        await PackageCosts.PrintAsync(folder, repository, project, packages);
        return 0;
    default:
        Console.WriteLine("""
            What the rules cost a build.

              dotnet run -c Release --project benchmarks/Analyzers -- rules                        each rule against an analyzer that does nothing
              dotnet run -c Release --project benchmarks/Analyzers -- packages FOLDER [PACKAGE...] this package and others over projects of a folder of checkouts
              dotnet run -c Release --project benchmarks/Analyzers -- memory                       what a compilation of 5,000 files has in memory when it has been analysed

            --write puts what is measured into docs/performance.md.

            Times are the compiler's own of each analyzer, on one thread, times the share of a processor that the process got.
            """);
        return 2;
}
