using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT101: registers the drain sequence on the builder, or on the web host's builder for a <c>Startup</c> class.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class MissingDrainSequenceFix() : ShutdownCodeFix("Add the drain sequence", RuleIds.MissingDrainSequence)
{
    private protected override bool CanFix(FixSite site) => RegistrationAt(site).CanAdd();

    private protected override Task FixAsync(FixEdit edit, FixSite site) => RegistrationAt(site).AddAsync(edit);

    private static DrainRegistration RegistrationAt(FixSite site) =>
        new(
            site.Document,
            site.Model,
            DrainRegistration.Parse(site.Fact(HostBuildDiagnostic.Form)),
            site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>(),
            site.Additional<InvocationExpressionSyntax>(0));
}
