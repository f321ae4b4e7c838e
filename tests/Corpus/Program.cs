using ShutdownAnalyzers.Corpus;
using ShutdownAnalyzers.TestSupport;

if (args.Length == 0 || args.Contains("--help"))
{
    Console.WriteLine("""
        Compiles every project of a folder of checkouts loosely (errors are tolerated), runs every rule, and compares with tests/Corpus/expected.

          dotnet run -c Release --project tests/Corpus -- FOLDER [--repository NAME[,NAME...]] [--rule SHUT101[,SHUT103...]] [--fixes] [--write]
          dotnet run -c Release --project tests/Corpus -- --page

        FOLDER holds the checkouts that tests/Corpus/repositories.json lists, each in a subfolder of its name; those that aren't there are named and passed over.
        --fixes applies every offered fix, one by one and all of a rule at once. --write takes what is found into the expected files, with new findings
        as "unjudged", and the run's figures into tests/Corpus/figures.json. --page writes docs/accuracy.md and its chart from these files.
        Deployment files count wherever they lie in the repository; with --as-in-a-build only those that the package's targets would find.
        --matches prints which of them run which project.

        Exit code 1 when a finding is new, has vanished, moved or isn't judged, when a rule threw, or when a fix failed.
        """);
    return args.Length == 0 ? 2 : 0;
}

var corpus = Path.Combine(Repository.Root, "tests", "Corpus");
var checkouts = Checkout.Listed(Path.Combine(corpus, "repositories.json"));
var figuresFile = Path.Combine(corpus, "figures.json");
string ExpectedOf(Checkout checkout) => Path.Combine(corpus, "expected", checkout.Name + ".json");

if (args[0] == "--page")
{
    AccuracyPage.Write(checkouts, Figures.Read(figuresFile), checkout => Expectations.Read(ExpectedOf(checkout)));
    return 0;
}

string[] Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1].Split(',') : [];

var write = args.Contains("--write");
var only = Option("--repository");
var options = new RunOptions(Option("--rule"), args.Contains("--fixes"), AllDeploymentFiles: !args.Contains("--as-in-a-build"), args.Contains("--matches"));
var good = true;
foreach (var checkout in checkouts.Where(checkout => only is [] || only.Contains(checkout.Name)))
{
    var folder = Path.Combine(Path.GetFullPath(args[0]), checkout.Name);
    if (!Directory.Exists(folder))
    {
        Console.WriteLine($"{checkout.Name}: not there. Check out https://github.com/{checkout.Repository} at {checkout.Commit} in {folder}.");
        good = false;
        continue;
    }

    var run = await RepositoryRun.OfAsync(folder, options);
    var expected = Expectations.Read(ExpectedOf(checkout));
    var comparison = Comparison.Of(run.Found.Keys, [.. expected.Where(judgement => options.Rules is [] || options.Rules.Contains(judgement.Finding.Rule))]);
    good &= new Report(checkout.Name, run, comparison).Print();

    if (write)
    {
        var copies = new Copies(folder);
        var others = expected.Where(judgement => options.Rules is not [] && !options.Rules.Contains(judgement.Finding.Rule));
        Expectations.Write(ExpectedOf(checkout), others.Concat(comparison.Updated).OrderBy(judgement => judgement.Finding).Select(judgement => judgement with { IsCopy = copies.Contains(judgement.Finding) }));
        if (options.Rules is [])
            Figures.Update(figuresFile, run.Figures, keepFixes: !options.WithFixes);
    }
}

return good ? 0 : 1;
