using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT207: the token of StartAsync in work that goes on after it. It never fires then.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StartTokenOutlivesStart() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    /// <summary>The property that holds the token of a source which the stop cancels; absent where the class has none.</summary>
    internal const string Token = "token";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.StartTokenOutlivesStart,
        Category.HostedServices,
        "The token of StartAsync is used after the start",
        "'{0}' only aborts the start of '{1}': what goes on with it after that never learns of the stop",
        "The host cancels the token of StartAsync when the start is given up, and never once the start is over. Work that goes on needs a token that the stop cancels: the one of BackgroundService.ExecuteAsync, or one of the class's own.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var method in host.HostedServices.Running(file.SemanticModel.SyntaxTree))
            {
                foreach (var use in new StartTokenUses(host, method).ThatOutliveTheStart())
                {
                    file.ReportDiagnostic(Diagnostic.Create(
                        Descriptor, use.Token.Syntax.GetLocation(), [use.Scope.GetLocation()], Facts(host, method), use.Token.Parameter.Name, method.Services[0].Type.Name));
                }
            }
        });

    private static ImmutableDictionary<string, string?> Facts(HostFacts host, ServiceMethod method)
    {
        foreach (var member in method.Symbol.ContainingType.GetMembers())
        {
            if (member is IFieldSymbol { IsImplicitlyDeclared: false, DeclaringSyntaxReferences: [var declared] } field
                && host.Types.Is(field.Type, KnownType.CancellationTokenSource)
                && declared.GetSyntax() is VariableDeclaratorSyntax { Initializer: not null }
                && host.Tokens.IsCancelled(field))
            {
                return ImmutableDictionary<string, string?>.Empty.Add(Token, field.Name + ".Token");
            }
        }

        return ImmutableDictionary<string, string?>.Empty;
    }
}
