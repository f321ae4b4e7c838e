using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>Writes the handlers that close a resource, from the facts that its diagnostic carries.</summary>
internal static class CleanupCalls
{
    /// <summary>Where the runtime library's types are.</summary>
    public const string RuntimeNamespace = "ShutdownAnalyzers.Runtime";
    private const string ContainerNamespace = "Microsoft.Extensions.DependencyInjection";

    /// <summary>The registration of a handler for a service of the container.</summary>
    public static readonly RuntimeExtension AddShutdownCleanup = new("AddShutdownCleanup", "Microsoft.Extensions.DependencyInjection");

    /// <summary>Whether the facts name a method that closes.</summary>
    public static bool CanClose(FixSite site) => site.Fact(Release.Method) is not null && site.Fact(Release.Returns) is not null;

    /// <summary>The name of the handler, as a literal.</summary>
    public static string Name(FixSite site) => SymbolDisplay.FormatLiteral(site.Fact(Release.Name) ?? "resource", quote: true);

    /// <summary>A name for the handler's parameter that means nothing else at this place.</summary>
    public static string Parameter(FixSite site, int position)
    {
        var words = (site.Fact(Release.Name) ?? "resource").Split([' ', '.', '-'], StringSplitOptions.RemoveEmptyEntries);
        var name = string.Concat(words.Select((word, index) => (index == 0 ? char.ToLowerInvariant(word[0]) : char.ToUpperInvariant(word[0])) + word.Substring(1)));
        while (!site.Model.LookupSymbols(position, name: name).IsEmpty || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None)
            name += "Service";
        return name;
    }

    /// <summary>The handler's body and its <c>async</c>, for a resource written as <paramref name="resource"/>.</summary>
    public static string Handler(FixSite site, string parameters, string resource, bool mayBeNull, string arguments = "")
    {
        var method = site.Fact(Release.Method);
        arguments = site.Fact(Release.Arguments) ?? arguments;
        var dot = mayBeNull ? "?." : ".";
        return site.Fact(Release.Returns) switch
        {
            "ValueTask" when mayBeNull => $"{parameters} => {resource}?.{method}({arguments}) ?? default",
            "ValueTask" => $"{parameters} => {resource}.{method}({arguments})",
            "Task" when mayBeNull => $"async {parameters} => await ({resource}?.{method}({arguments}) ?? System.Threading.Tasks.Task.CompletedTask)",
            "Task" => $"async {parameters} => await {resource}.{method}({arguments})",
            _ => $"{parameters} => {{ {resource}{dot}{method}({arguments}); return default; }}",
        };
    }

    /// <summary>The same for the variable that the diagnostic's <see cref="CleanupPlace"/> names.</summary>
    public static string Handler(FixSite site, string parameters, string arguments = "") =>
        Handler(site, parameters, site.Fact(CleanupPlace.VariableFact)!, site.Fact(CleanupPlace.NullFact) is not null, arguments);

    /// <summary>The statement that the diagnostic's <see cref="CleanupPlace"/> is after, maybe in another file.</summary>
    public static (Document Document, SemanticModel Model, StatementSyntax Statement)? Place(FixSite site) =>
        site.Fact(CleanupPlace.ThroughFact) is null ? null : site.Anywhere<StatementSyntax>(0);

    /// <summary>Registers a handler at the diagnostic's <see cref="CleanupPlace"/>.</summary>
    public static async Task InsertAsync(FixEdit edit, FixSite site, string handler, string? stage = null)
    {
        var (document, model, statement) = Place(site)!.Value;
        var shutdown = site.Fact(CleanupPlace.ThroughFact)!;
        if (site.Fact(CleanupPlace.ConstructorFact) is null)
        {
            shutdown += ".Services.GetRequiredService<IGracefulShutdown>()";
            edit.Import(document, model, statement.SpanStart, ContainerNamespace);
            edit.Import(document, model, statement.SpanStart, RuntimeNamespace);
        }

        if (stage is not null)
        {
            handler += $", CleanupStage.{stage}";
            edit.Import(document, model, statement.SpanStart, RuntimeNamespace);
        }

        Statements.InsertAfter(
            await edit.EditorAsync(document).ConfigureAwait(false),
            statement,
            Statement($"{shutdown}.OnCleanup({Name(site)}, {handler});"));
    }

    /// <summary>Parses a statement and gives it the look of its new place.</summary>
    public static StatementSyntax Statement(string text) =>
        SyntaxFactory.ParseStatement(text).WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation);

    /// <summary>A handler's name in the drain report, after the first of these calls that says something: <c>leave cluster</c> for <c>LeaveClusterAsync()</c>.</summary>
    public static string NameOf(IEnumerable<InvocationExpressionSyntax> calls)
    {
        var call = calls
            .Select(invocation => invocation.Expression switch
            {
                MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
                SimpleNameSyntax simple => simple.Identifier.ValueText,
                _ => "",
            })
            .FirstOrDefault(name => name is not ("" or "Delay" or "ConfigureAwait" or "Run")) ?? "cleanup";
        if (call.EndsWith("Async", StringComparison.Ordinal) && call.Length > 5)
            call = call.Substring(0, call.Length - 5);

        var words = new StringBuilder();
        foreach (var letter in call)
        {
            if (char.IsUpper(letter) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
