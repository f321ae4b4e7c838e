using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Tests.Framework;

/// <summary>Every analyzer and every fix of the package, as a user's project gets them.</summary>
internal static class AllRules
{
    public static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers = Instances<DiagnosticAnalyzer>(typeof(ShutdownAnalyzer));

    public static readonly ImmutableArray<CodeFixProvider> Fixes = Instances<CodeFixProvider>(typeof(ShutdownCodeFix));

    public static IEnumerable<DiagnosticDescriptor> Descriptors => Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics);

    /// <summary>A project with one program file and the settings of <paramref name="code"/>.</summary>
    public static Document Project(string source, Code code)
    {
        var workspace = new AdhocWorkspace();
        var project = workspace.AddProject("Program", LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(code.OutputKind, nullableContextOptions: NullableContextOptions.Enable))
            .WithParseOptions(CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest))
            .WithMetadataReferences(code.References());
        if (code.ImplicitUsings && !code.NetOnly)
            project = project.AddDocument(Code.WebUsings.Name, Code.WebUsings.Text, filePath: Code.WebUsings.Name).Project;
        foreach (var (name, text) in code.OtherFiles)
            project = project.AddDocument(name, SourceText.From(text), filePath: name).Project;
        return project.AddDocument("Program.cs", SourceText.From(source), filePath: "Program.cs");
    }

    /// <summary>What all rules report on a project that must compile.</summary>
    public static async Task<ImmutableArray<Diagnostic>> ReportAsync(Project project)
    {
        var compilation = (await project.GetCompilationAsync())!;
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 0, string.Join(Environment.NewLine, errors));
        return await compilation.WithAnalyzers(Analyzers, project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
    }

    /// <summary>Applies every fix that is offered, until none is; what remains compiles.</summary>
    public static async Task<Document> FixAsync(Document document)
    {
        for (var round = 0; round < 20; round++)
        {
            var action = await FirstFixAsync(document);
            if (action is null)
                return document;

            var operations = await action.GetOperationsAsync(CancellationToken.None);
            document = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        }

        throw new InvalidOperationException("A fix is offered again and again: it doesn't remove its diagnostic.");
    }

    private static async Task<CodeAction?> FirstFixAsync(Document document)
    {
        foreach (var diagnostic in await ReportAsync(document.Project))
        {
            foreach (var fix in Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                CodeAction? offered = null;
                var place = document.Project.GetDocument(diagnostic.Location.SourceTree)!;
                await fix.RegisterCodeFixesAsync(new CodeFixContext(place, diagnostic, (action, _) => offered ??= action, CancellationToken.None));
                if (offered is not null)
                    return offered;
            }
        }

        return null;
    }

    private static ImmutableArray<T> Instances<T>(Type anchor) =>
        [.. anchor.Assembly.GetTypes().Where(type => !type.IsAbstract && typeof(T).IsAssignableFrom(type)).OrderBy(type => type.FullName, StringComparer.Ordinal).Select(type => (T)Activator.CreateInstance(type)!)];
}
